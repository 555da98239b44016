namespace AgentOps.Engine.Permissions;

/// <summary>The same call, with the same arguments, must have been run dry before.</summary>
/// <param name="Within">How long ago at most.</param>
public sealed record DryRunObligation(TimeSpan Within) : Obligation;
