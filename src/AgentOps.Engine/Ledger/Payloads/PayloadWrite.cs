namespace AgentOps.Engine.Ledger;

/// <summary>A payload on its way to where it is kept.</summary>
/// <param name="Reference">The reference, to be recorded: <c>sha256:</c> and 64 hexadecimal digits.</param>
/// <param name="Kept">Ends when the payload is durable; fails with <c>StoreUnavailable</c>.</param>
public readonly record struct PayloadWrite(string Reference, Task Kept);
