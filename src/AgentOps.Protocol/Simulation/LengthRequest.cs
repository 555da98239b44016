namespace AgentOps.Protocol.Simulation;

/// <summary>A distribution of token counts.</summary>
public sealed record LengthRequest
{
    /// <summary><c>fixed</c>, <c>normal</c>, <c>lognormal</c>, <c>uniform</c> or <c>empirical</c>.</summary>
    public string Kind { get; init; } = "fixed";

    /// <summary>Mean in tokens.</summary>
    public double Mean { get; init; }

    /// <summary>Standard deviation in tokens; half the width of a uniform distribution.</summary>
    public double Deviation { get; init; }

    /// <summary>The least count.</summary>
    public int Minimum { get; init; } = 1;

    /// <summary>The largest count; 0 for no bound.</summary>
    public int Maximum { get; init; }

    /// <summary>The values of an empirical distribution.</summary>
    public IReadOnlyList<int>? Values { get; init; }
}
