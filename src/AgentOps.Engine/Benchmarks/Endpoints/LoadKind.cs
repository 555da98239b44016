namespace AgentOps.Engine.Benchmarks.Endpoints;

/// <summary>How calls are started.</summary>
public enum LoadKind
{
    /// <summary>At times set beforehand, whatever the server does: a stalled server can't hide.</summary>
    Open,

    /// <summary>Each after the one before has ended, by a fixed number of callers. A stall delays the calls that would have seen it.</summary>
    Closed,
}
