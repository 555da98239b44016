namespace AgentOps.Cli.Serving;

/// <summary>The result of one request of a served batch.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Line">The vendor's line of it, JSON.</param>
internal sealed record ServedItem(ServedOutcome Outcome, string Line);
