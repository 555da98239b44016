namespace AgentOps.Output;

/// <summary>What a session is connected to.</summary>
public sealed record Context
{
    /// <summary>The folder or the database of the workspace.</summary>
    public string Store { get; init; } = string.Empty;
}
