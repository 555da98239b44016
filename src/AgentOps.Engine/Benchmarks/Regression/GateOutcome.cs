namespace AgentOps.Engine.Benchmarks.Regression;

/// <summary>What a comparison with a baseline says.</summary>
public enum GateOutcome
{
    /// <summary>A regression of the size that matters is ruled out.</summary>
    Pass,

    /// <summary>Neither shown nor ruled out: too few slots, or too much noise.</summary>
    Inconclusive,

    /// <summary>A regression is shown.</summary>
    Fail,
}
