using System.Management.Automation;
using AgentOps.Hosting;
using AgentOps.Output;

namespace AgentOps.Commands;

/// <summary>Erases what agents and tools said long ago; the ledger keeps its references and holds together as before.</summary>
[Cmdlet(VerbsCommon.Remove, "AgentOpsPayload", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(PayloadErasure))]
public sealed class RemoveAgentOpsPayloadCommand : WorkspaceCmdlet
{
    /// <summary>Payloads that were written before this time are erased.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [Alias("EraseOlderThan")]
    public DateTimeOffset OlderThan { get; set; }

    /// <summary>Tells how many were erased.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var workspace = await GetWorkspaceAsync(cancellationToken);
        var before = OlderThan.ToUniversalTime();
        if (!await ConfirmAsync(workspace.Ledger.Location, FormattableString.Invariant($"Erase the payloads from before {before:u}")))
        {
            return;
        }

        var erased = await workspace.Ledger.ErasePayloadsAsync(before, cancellationToken);
        await WriteVerboseAsync($"{erased} payloads erased.");
        if (PassThru)
        {
            await WriteAsync(new PayloadErasure { Store = workspace.Ledger.Location, OlderThan = before, Erased = erased });
        }
    }
}
