namespace AgentOps.Engine.Permissions;

/// <summary>The call must be one that can be undone.</summary>
/// <param name="Tool">The tool that undoes it.</param>
/// <param name="Within">For how long it can be undone.</param>
public sealed record CompensateObligation(string Tool, TimeSpan Within) : Obligation;
