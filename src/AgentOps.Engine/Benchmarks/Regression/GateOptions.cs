namespace AgentOps.Engine.Benchmarks.Regression;

/// <summary>The rule of the gate.</summary>
public sealed record GateOptions
{
    /// <summary>The significance of each decision, the whole family of a target's metrics taken together.</summary>
    public double Alpha { get; init; } = 0.01;

    /// <summary>The least ratio of medians that counts as a regression.</summary>
    public double LeastRatio { get; init; } = 1.10;

    /// <summary>Slots that a baseline needs.</summary>
    public int BaselineSlots { get; init; } = 20;

    /// <summary>Slots that are compared with it.</summary>
    public int CurrentSlots { get; init; } = 10;

    /// <summary>The ratio that a pass rules out.</summary>
    public double RuledOutRatio { get; init; } = 1.30;

    /// <summary>The rise of the error rate, 0 to 1, that a pass must have been able to find.</summary>
    public double RuledOutErrorRise { get; init; } = 0.10;

    /// <summary>The power that detectable effects are stated for.</summary>
    public double Power { get; init; } = 0.90;
}
