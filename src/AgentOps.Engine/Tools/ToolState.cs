namespace AgentOps.Engine.Tools;

/// <summary>A tool as the ledger tells it now.</summary>
/// <param name="Definition">The tool as registered.</param>
/// <param name="Registered">When it was last registered, UTC.</param>
public sealed record ToolState(ToolDefinition Definition, DateTimeOffset Registered)
{
    /// <summary>Why it may not be called until it is registered anew; null when it may.</summary>
    public string? Suspended { get; init; }
}
