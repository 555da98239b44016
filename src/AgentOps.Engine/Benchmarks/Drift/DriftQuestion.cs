namespace AgentOps.Engine.Benchmarks.Drift;

/// <summary>A question whose answer can be checked without a judge.</summary>
/// <param name="Prompt">What is asked.</param>
/// <param name="Answer">The one right answer.</param>
public sealed record DriftQuestion(string Prompt, string Answer);
