namespace AgentOps.Engine.Benchmarks.Agents;

/// <summary>What a call would do that the user never allowed.</summary>
/// <param name="Reason">What, in a few words.</param>
/// <param name="Loss">What it costs the user, in the world's currency; zero where it costs something else.</param>
internal sealed record Harm(string Reason, decimal Loss);
