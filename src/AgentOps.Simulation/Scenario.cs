using AgentOps.Simulation.Latency;
using AgentOps.Simulation.Models;
using AgentOps.Simulation.Serving;
using AgentOps.Simulation.Workloads;

namespace AgentOps.Simulation;

/// <summary>One question to the simulator: this load on this deployment.</summary>
public sealed record Scenario
{
    /// <summary>Model, accelerator and layout of one replica.</summary>
    public required Deployment Deployment { get; init; }

    /// <summary>The load.</summary>
    public required RequestSet Requests { get; init; }

    /// <summary>The scheduler of each replica.</summary>
    public SchedulerOptions Scheduler { get; init; } = new();

    /// <summary>The step-latency model's numbers.</summary>
    public LatencyCoefficients Coefficients { get; init; } = new();

    /// <summary>Replicas behind the router.</summary>
    public int Replicas { get; init; } = 1;

    /// <summary>How the router chooses.</summary>
    public RoutingPolicy Routing { get; init; }

    /// <summary>Requests in flight at a time in a closed loop; 0 for an open loop, in which requests come at their own times.</summary>
    public int Concurrency { get; init; }

    /// <summary>
    /// Replicas that compute prompts alone, in a disaggregated deployment: the first so many of <see cref="Replicas"/>; the others then
    /// only decode. 0 where every replica does both.
    /// </summary>
    public int PrefillReplicas { get; init; }

    /// <summary>Starts and stops replicas with the load; null where all <see cref="Replicas"/> always run.</summary>
    public AutoscaleOptions? Autoscale { get; init; }

    /// <summary>Length of an interval of the time series; null for none.</summary>
    public TimeSpan? SampleEvery { get; init; }
}
