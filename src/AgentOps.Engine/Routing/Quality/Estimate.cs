namespace AgentOps.Engine.Routing.Quality;

/// <summary>A figure with its bootstrapped interval of 95 %.</summary>
/// <param name="Value">The figure.</param>
/// <param name="Low">The lower end.</param>
/// <param name="High">The upper end.</param>
public readonly record struct Estimate(double Value, double Low, double High);
