namespace AgentOps.Engine.Benchmarks.Endpoints;

/// <summary>One call as it is planned.</summary>
/// <param name="Target">The target's place in the list of targets.</param>
/// <param name="Phase">What it is for.</param>
/// <param name="Index">Its place among the target's calls of that phase.</param>
/// <param name="Slot">The slot of time.</param>
/// <param name="Due">Seconds from the start of the run; in a closed loop it only gives the order.</param>
/// <param name="Prompt">What is asked.</param>
/// <param name="Answer">The right answer, where it can be checked.</param>
internal sealed record PlannedCall(int Target, CallPhase Phase, int Index, int Slot, double Due, string Prompt, string? Answer);
