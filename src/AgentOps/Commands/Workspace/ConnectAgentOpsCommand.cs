using System.Management.Automation;
using AgentOps.Hosting;
using AgentOps.Output;

namespace AgentOps.Commands;

/// <summary>Connects this runspace to a workspace.</summary>
[Cmdlet(VerbsCommunications.Connect, "AgentOps")]
[OutputType(typeof(Context))]
public sealed class ConnectAgentOpsCommand : WorkspaceCmdlet
{
    /// <summary>The store's folder, made where there is none.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string? Store { get; set; }

    /// <summary>Whom agents act for.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? OnBehalfOf { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var connection = await OnPipelineAsync(() => RunspaceConnection.Current);
        var store = Store is null || Store.Contains("://", StringComparison.Ordinal) ? Store : await ResolveLiteralPathAsync(Store);
        var workspace = await connection.ConnectAsync(store, OnBehalfOf, cancellationToken);
        await WriteVerboseAsync($"Connected to '{workspace.Ledger.Location}', acting for '{workspace.OnBehalfOf}'.");
        await WriteAsync(Context.From(workspace, isExplicit: true));
    }
}
