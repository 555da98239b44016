namespace AgentOps.Protocol.Simulation;

/// <summary>Starts and stops replicas with the load.</summary>
// Settable, and not init-only: the source-generated reader would overwrite what the JSON leaves out with zeros.
public sealed record AutoscaleRequest
{
    /// <summary>Replicas that always run.</summary>
    public int Minimum { get; set; } = 1;

    /// <summary>Requests waiting or running that a replica should have.</summary>
    public double TargetLoad { get; set; } = 32;

    /// <summary>Seconds from the decision to the first request.</summary>
    public double StartDelaySeconds { get; set; } = 120;
}
