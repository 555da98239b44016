namespace AgentOps.Simulation.Serving;

/// <summary>How a router chooses among replicas.</summary>
public enum RoutingPolicy
{
    /// <summary>Each in turn.</summary>
    RoundRobin,

    /// <summary>The one with the fewest requests waiting or running.</summary>
    LeastLoaded,

    /// <summary>The one that has most of the prompt's beginning cached, unless it is much busier than the least loaded.</summary>
    PrefixAware,
}
