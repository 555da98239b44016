using System.Management.Automation;
using AgentOps.Engine.Ledger;
using AgentOps.Hosting;
using AgentOps.Output;

namespace AgentOps.Commands;

/// <summary>Restores a store from its backup, once the backup was verified.</summary>
[Cmdlet(VerbsData.Restore, "AgentOpsStore", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(LedgerReport))]
public sealed class RestoreAgentOpsStoreCommand : WorkspaceCmdlet
{
    /// <summary>The backup.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    [Alias("PSPath")]
    public string LiteralPath { get; set; } = string.Empty;

    /// <summary>The folder of the store to be.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Store { get; set; } = string.Empty;

    /// <summary>The file of a checkpoint kept elsewhere, which the backup must continue.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Anchor { get; set; }

    /// <summary>The verifier key that was pinned when the ledger was created.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? VerifierKey { get; set; }

    /// <summary>Replaces a store that is there; its ledger is kept beside it.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var backup = await ResolveLiteralPathAsync(LiteralPath);
        var store = await ResolveLiteralPathAsync(Store);
        var options = new LedgerVerificationOptions
        {
            Anchor = Anchor is null ? null : await File.ReadAllTextAsync(await ResolveLiteralPathAsync(Anchor), cancellationToken),
            VerifierKey = VerifierKey,
        };
        if (await ConfirmAsync(store, $"Restore from '{backup}'"))
        {
            var found = await LedgerBackup.RestoreAsync(backup, store, options, Force, cancellationToken);
            await WriteAsync(LedgerReport.FromVerification(found));
        }
    }
}
