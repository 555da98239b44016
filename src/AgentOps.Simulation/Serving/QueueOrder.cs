namespace AgentOps.Simulation.Serving;

/// <summary>Which waiting request is admitted next.</summary>
public enum QueueOrder
{
    /// <summary>The one that came first.</summary>
    FirstCome,

    /// <summary>The one of the highest priority, then the one that came first.</summary>
    Priority,

    /// <summary>The one with the fewest tokens, prompt and output together.</summary>
    ShortestJob,
}
