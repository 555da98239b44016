using System.Management.Automation;
using AgentOps.Hosting;
using AgentOps.Output;

namespace AgentOps.Commands;

/// <summary>Replaces the key that signs the ledger; the old one signs the batch that names the new one.</summary>
[Cmdlet(VerbsData.Update, "AgentOpsLedgerKey", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(LedgerKey))]
public sealed class UpdateAgentOpsLedgerKeyCommand : WorkspaceCmdlet
{
    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var workspace = await GetWorkspaceAsync(cancellationToken);
        if (await ConfirmAsync(workspace.Ledger.Location, "Replace the signing key"))
        {
            var key = await workspace.Ledger.RotateKeyAsync(cancellationToken);
            await WriteAsync(new LedgerKey { Store = workspace.Ledger.Location, VerifierKey = key, FromSequence = workspace.Ledger.Size });
        }
    }
}
