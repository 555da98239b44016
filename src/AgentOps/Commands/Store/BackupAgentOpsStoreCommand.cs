using System.Management.Automation;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Ledger;
using AgentOps.Hosting;

namespace AgentOps.Commands;

/// <summary>Writes this store to one file, while it may be in use.</summary>
[Cmdlet(VerbsData.Backup, "AgentOpsStore", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(FileInfo))]
public sealed class BackupAgentOpsStoreCommand : WorkspaceCmdlet
{
    /// <summary>The file to write.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    [Alias("PSPath")]
    public string LiteralPath { get; set; } = string.Empty;

    /// <summary>Puts the private signing key in too.</summary>
    [Parameter]
    public SwitchParameter IncludeKey { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var path = await ResolveLiteralPathAsync(LiteralPath);
        var workspace = await GetWorkspaceAsync(cancellationToken);
        var store = workspace.Ledger as FileLedgerStore
            ?? throw new AgentOpsException(ErrorCodes.StoreKindUnsupported, $"The store '{workspace.Ledger.Location}' is not in a folder.", workspace.Ledger.Location);
        if (await ConfirmAsync(path, "Back up the store"))
        {
            var checkpoint = await LedgerBackup.CreateAsync(store, path, IncludeKey, cancellationToken);
            await WriteVerboseAsync($"{checkpoint.Size} records, root {checkpoint.Root}.");
            await WriteFileAsync(path);
        }
    }
}
