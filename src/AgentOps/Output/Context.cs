using AgentOps.Engine.Workspaces;

namespace AgentOps.Output;

/// <summary>What a session is connected to.</summary>
public sealed record Context
{
    /// <summary>The folder or the database of the workspace.</summary>
    public required string Store { get; init; }

    /// <summary>Whom agents act for.</summary>
    public required string OnBehalfOf { get; init; }

    /// <summary>Whether it was chosen with Connect-AgentOps, or is the default workspace.</summary>
    public required bool IsDefault { get; init; }

    /// <summary>How many records the ledger holds.</summary>
    public required long Records { get; init; }

    /// <summary>Whether nothing can be changed here.</summary>
    public required bool IsReadOnly { get; init; }

    /// <summary>Why nothing can be changed; null when it can.</summary>
    public string? ReadOnlyReason { get; init; }

    internal static Context From(Workspace workspace, bool isExplicit) => new()
    {
        Store = workspace.Ledger.Location,
        OnBehalfOf = workspace.OnBehalfOf,
        IsDefault = !isExplicit,
        Records = workspace.Ledger.Size,
        IsReadOnly = workspace.Ledger.IsReadOnly,
        ReadOnlyReason = workspace.Ledger.ReadOnlyReason,
    };
}
