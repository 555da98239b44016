namespace AgentOps.Engine.Ledger;

/// <summary>A payload on its way to where it is kept.</summary>
/// <param name="Reference">The reference, to be recorded: <c>sha256:</c> and 64 hexadecimal digits.</param>
/// <param name="Readable">Ends when any process can read it, and the end of this one loses nothing; a record that names it waits for this. Fails as the other.</param>
/// <param name="Kept">Ends when the payload is durable, at the latest together with a record that is appended after it is readable; fails with <c>StoreUnavailable</c>.</param>
public readonly record struct PayloadWrite(string Reference, Task Readable, Task Kept);
