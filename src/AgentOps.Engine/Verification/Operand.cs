namespace AgentOps.Engine.Verification;

/// <summary>A value of the call, or one that a tool answered.</summary>
/// <param name="Argument">The argument; null where <paramref name="From"/> is given.</param>
/// <param name="From">The tool's output; null where <paramref name="Argument"/> is given.</param>
public sealed record Operand(string? Argument, EvidenceSource? From);
