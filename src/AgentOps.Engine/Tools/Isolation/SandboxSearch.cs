namespace AgentOps.Engine.Tools.Isolation;

/// <summary>What came of looking for this host's sandbox.</summary>
/// <param name="Sandbox">The sandbox; null where the host has none.</param>
/// <param name="Missing">Why it has none, as the end of a sentence; empty where it has one.</param>
public sealed record SandboxSearch(Sandbox? Sandbox, string Missing);
