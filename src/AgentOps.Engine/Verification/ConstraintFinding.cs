namespace AgentOps.Engine.Verification;

/// <summary>What was found of one constraint.</summary>
/// <param name="Kind">The word under which it is declared.</param>
/// <param name="Reason">Why it refuses the call; null when it is verified.</param>
public sealed record ConstraintFinding(string Kind, string? Reason);
