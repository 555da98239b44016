namespace AgentOps.Engine.Permissions;

/// <summary>What rules may name, and the services that decisions ask. Null collections are not checked.</summary>
public sealed record PolicyContext
{
    /// <summary>Checks no agent and no tool; no groups, the default facts, this machine's file system.</summary>
    public static PolicyContext Default { get; } = new();

    /// <summary>The agents that exist; null: any may be named.</summary>
    public IReadOnlyCollection<string>? KnownAgents { get; init; }

    /// <summary>The tools that exist; null: any may be named.</summary>
    public IReadOnlyCollection<string>? KnownTools { get; init; }

    /// <summary>The routes that exist; null: any may be named.</summary>
    public IReadOnlyCollection<string>? KnownRoutes { get; init; }

    /// <summary>The groups of the configuration.</summary>
    public IReadOnlyList<PolicyGroup> Groups { get; init; } = [];

    /// <summary>Groups of the operating system and the database; null: rules that name such a group are in error when asked.</summary>
    public IGroupSource? ExternalGroups { get; init; }

    /// <summary>The facts that may be tested.</summary>
    public FactCatalog Facts { get; init; } = FactCatalog.Default;

    /// <summary>Resolves paths.</summary>
    public IPathResolver Paths { get; init; } = new FileSystemPathResolver();
}
