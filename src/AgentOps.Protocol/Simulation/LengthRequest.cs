namespace AgentOps.Protocol.Simulation;

/// <summary>A distribution of token counts.</summary>
// Settable, and not init-only: the source-generated reader would overwrite what the JSON leaves out with zeros.
public sealed record LengthRequest
{
    /// <summary><c>fixed</c>, <c>normal</c>, <c>lognormal</c>, <c>uniform</c> or <c>empirical</c>.</summary>
    public string Kind { get; set; } = "fixed";

    /// <summary>Mean in tokens.</summary>
    public double Mean { get; set; }

    /// <summary>Standard deviation in tokens; half the width of a uniform distribution.</summary>
    public double Deviation { get; set; }

    /// <summary>The least count.</summary>
    public int Minimum { get; set; } = 1;

    /// <summary>The largest count; 0 for no bound.</summary>
    public int Maximum { get; set; }

    /// <summary>The values of an empirical distribution.</summary>
    public IReadOnlyList<int>? Values { get; set; }
}
