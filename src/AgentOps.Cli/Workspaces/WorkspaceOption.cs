using System.CommandLine;
using AgentOps.Engine.Telemetry;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Cli.Workspaces;

/// <summary>The <c>--store</c> option that commands on a workspace share.</summary>
internal static class WorkspaceOption
{
    public static Option<string> Create() => new("--store")
    {
        Description = "The folder of the workspace. Default: AGENTOPS_HOME, else the platform's data folder.",
        DefaultValueFactory = _ => WorkspaceOptions.DefaultStore(),
    };

    public static ValueTask<Workspace> OpenAsync(string store, CancellationToken cancellationToken)
    {
        TelemetryExport.StartIfAsked();
        return Workspace.OpenAsync(new WorkspaceOptions { Store = store, HostName = "agentops" }, cancellationToken);
    }
}
