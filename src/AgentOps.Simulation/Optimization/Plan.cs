namespace AgentOps.Simulation.Optimization;

/// <summary>What a search found.</summary>
/// <param name="Best">The cheapest deployment that keeps the promise; null where none does.</param>
/// <param name="Options">All that were tried to the end: of each kind the smallest number of replicas that keeps the promise, or the largest tried.</param>
/// <param name="ParetoFront">Those that no other beats in both price and share kept or, when kept, mean end-to-end time.</param>
/// <param name="OneMore">The best with one more replica; null without a best.</param>
/// <param name="Tried">Simulations run.</param>
public sealed record Plan(PlanOption? Best, IReadOnlyList<PlanOption> Options, IReadOnlyList<PlanOption> ParetoFront, PlanOption? OneMore, int Tried);
