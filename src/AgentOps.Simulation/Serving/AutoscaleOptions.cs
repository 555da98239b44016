namespace AgentOps.Simulation.Serving;

/// <summary>
/// Starts and stops replicas with the load: one more when the mean load of those that run or start is above the target, one less when
/// it would stay below half of it.
/// </summary>
/// <param name="Minimum">Replicas that always run.</param>
/// <param name="TargetLoad">Requests waiting or running that a replica should have.</param>
/// <param name="StartDelay">From the decision to the first request: machine, image, weights.</param>
public sealed record AutoscaleOptions(int Minimum, double TargetLoad, TimeSpan StartDelay);
