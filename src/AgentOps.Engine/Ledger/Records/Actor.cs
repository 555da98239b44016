namespace AgentOps.Engine.Ledger;

/// <summary>Who did what a record says.</summary>
/// <param name="Agent">The agent, or null where a person or the engine itself acted.</param>
/// <param name="OnBehalfOf">The person or the service for whom it was done.</param>
/// <param name="Host">The name of the machine.</param>
/// <param name="Process">The process, for example <c>pwsh:1234</c>.</param>
public sealed record Actor(string? Agent, string OnBehalfOf, string Host, string Process);
