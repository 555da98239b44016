namespace AgentOps.Engine.Identity;

/// <summary>What a tool asked for when it wants to say who calls.</summary>
/// <param name="Token">The token, to be sent as a bearer token (RFC 6750); null where there is none to give.</param>
/// <param name="Refusal">Why there is none, in words fit for the model; null where there is one.</param>
public readonly record struct Credential(string? Token, string? Refusal);
