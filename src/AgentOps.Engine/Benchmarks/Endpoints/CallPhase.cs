namespace AgentOps.Engine.Benchmarks.Endpoints;

/// <summary>What a call of the benchmark is for.</summary>
public enum CallPhase
{
    /// <summary>The first call of a target, on a new connection; reported apart.</summary>
    Cold,

    /// <summary>Warms a connection up; discarded.</summary>
    WarmUp,

    /// <summary>Measured.</summary>
    Measured,

    /// <summary>A question with a checkable answer; not part of the timing.</summary>
    Question,
}
