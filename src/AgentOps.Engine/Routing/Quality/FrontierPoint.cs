namespace AgentOps.Engine.Routing.Quality;

/// <summary>What a way to route comes to, as means a prompt.</summary>
/// <param name="Cost">In US dollars.</param>
/// <param name="Quality">The score.</param>
/// <param name="StrongCalls">The share of prompts that go to the strongest model, 0 to 1.</param>
internal readonly record struct FrontierPoint(double Cost, double Quality, double StrongCalls);
