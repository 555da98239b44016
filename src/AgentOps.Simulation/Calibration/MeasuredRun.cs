using AgentOps.Simulation.Models;
using AgentOps.Simulation.Serving;
using AgentOps.Simulation.Workloads;

namespace AgentOps.Simulation.Calibration;

/// <summary>A run that was measured on a real server, with what it takes to simulate it.</summary>
public sealed record MeasuredRun
{
    /// <summary>Its name.</summary>
    public required string Id { get; init; }

    /// <summary>Model, accelerator and layout.</summary>
    public required Deployment Deployment { get; init; }

    /// <summary>The server's settings.</summary>
    public required SchedulerOptions Scheduler { get; init; }

    /// <summary>The load, but for its seed.</summary>
    public required WorkloadOptions Workload { get; init; }

    /// <summary>Requests in flight of a closed loop; 0 for an open one.</summary>
    public int Concurrency { get; init; }

    /// <summary>How much it counts in a fit.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>Measured figures over the whole run, in milliseconds.</summary>
    public required IReadOnlyDictionary<Metric, double> Measured { get; init; }

    /// <summary>Measured figures of each stage, in order; empty where only the whole was measured.</summary>
    public IReadOnlyList<IReadOnlyDictionary<Metric, double>> Stages { get; init; } = [];
}
