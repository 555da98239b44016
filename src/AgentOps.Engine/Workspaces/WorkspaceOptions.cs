using AgentOps.Engine.Providers;
using AgentOps.Engine.Tools;

namespace AgentOps.Engine.Workspaces;

/// <summary>Where a workspace lies, and what the host brings to it.</summary>
public sealed record WorkspaceOptions
{
    /// <summary>The folder of the store; see <see cref="DefaultStore"/>.</summary>
    public string Store { get; init; } = DefaultStore();

    /// <summary>The user of whom agents act on behalf when it is not the operating-system account; recorded beside it.</summary>
    public string? OnBehalfOf { get; init; }

    /// <summary>What the host calls itself in the ledger, for example <c>pwsh</c>.</summary>
    public string HostName { get; init; } = "agentops";

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Executors that only this host has; those of Process and Http tools are always there.</summary>
    public IReadOnlyList<IToolExecutor> Executors { get; init; } = [];

    /// <summary>The folder of <c>agentops-sandbox</c>, which confines child processes; null for that of the running program.</summary>
    public string? SandboxFolder { get; init; }

    /// <summary>Models in process, each standing behind the provider of kind <c>simulated</c> of its name.</summary>
    public IReadOnlyList<IModelProvider> Models { get; init; } = [];

    /// <summary>A folder with <c>prices.yaml</c>, <c>quality.yaml</c> or <c>domains.yaml</c> of one's own; null for none. By default <c>AGENTOPS_CATALOG</c>.</summary>
    public string? Catalog { get; init; } = DefaultCatalog();

    /// <summary>How secrets are found by their reference; null for environment variables only.</summary>
    public ISecretResolver? Secrets { get; init; }

    /// <summary><c>AGENTOPS_CATALOG</c>, else none.</summary>
    public static string? DefaultCatalog() => Environment.GetEnvironmentVariable("AGENTOPS_CATALOG") is { Length: > 0 } folder ? folder : null;

    /// <summary><c>AGENTOPS_HOME</c>, else the platform's data folder.</summary>
    public static string DefaultStore()
    {
        if (Environment.GetEnvironmentVariable("AGENTOPS_HOME") is { Length: > 0 } home)
        {
            return home;
        }

        var data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return Path.Combine(data.Length > 0 ? data : Path.GetTempPath(), "AgentOps");
    }
}
