using System.Management.Automation;
using System.Text;
using AgentOps.Completion;
using AgentOps.Engine.Ledger;
using AgentOps.Hosting;
using AgentOps.Output;

namespace AgentOps.Commands;

/// <summary>Writes records, an anchor or a proof to a file.</summary>
[Cmdlet(VerbsData.Export, "AgentOpsLedger", DefaultParameterSetName = "Records", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(FileInfo))]
public sealed class ExportAgentOpsLedgerCommand : FileExportCmdlet
{
    /// <summary>The format of the records.</summary>
    [Parameter(ParameterSetName = "Records")]
    public LedgerFormat Format { get; set; } = LedgerFormat.Jsonl;

    /// <summary>Only records of this time or later.</summary>
    [Parameter(ParameterSetName = "Records")]
    public DateTimeOffset After { get; set; }

    /// <summary>Only records before this time.</summary>
    [Parameter(ParameterSetName = "Records")]
    public DateTimeOffset Before { get; set; }

    /// <summary>Only records of this session.</summary>
    [Parameter(ParameterSetName = "Records")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SessionIdCompleter))]
    public string? Session { get; set; }

    /// <summary>Writes the signed checkpoint of now, to be kept elsewhere.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Anchor")]
    [Parameter(Mandatory = true, ParameterSetName = "Cosign")]
    public SwitchParameter Anchor { get; set; }

    /// <summary>The private key with which a second signer signs the anchor too, once the ledger was verified.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Cosign")]
    [ValidateNotNullOrEmpty]
    public string? CosignKeyPath { get; set; }

    /// <summary>The name under which the second signer signs.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Cosign")]
    [ValidateNotNullOrEmpty]
    public string? CosignAs { get; set; }

    /// <summary>Writes the proof that the ledger continues the anchor in this file.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Continuation")]
    [ValidateNotNullOrEmpty]
    public string? Continues { get; set; }

    /// <summary>Writes the proof that the record of this sequence is in the ledger.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Proof")]
    [ValidateRange(0, long.MaxValue)]
    public long Proof { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var path = await ResolveTargetAsync();
        var workspace = await GetWorkspaceAsync(cancellationToken);
        await ExportAsync(path, "Export the ledger", output => WriteToAsync(workspace.Ledger, path, output, cancellationToken));
    }

    private async Task WriteToAsync(ILedgerStore store, string path, Stream output, CancellationToken cancellationToken)
    {
        switch (ParameterSetName)
        {
            case "Anchor":
                await store.RefreshAsync(cancellationToken);
                await output.WriteAsync(Encoding.UTF8.GetBytes(store.GetCheckpoint().Note), cancellationToken);
                break;
            case "Cosign":
                using (var cosigner = Cosigner.Open(CosignAs!, await ResolveLiteralPathAsync(CosignKeyPath!)))
                {
                    var previous = File.Exists(path) ? await File.ReadAllTextAsync(path, cancellationToken) : null;
                    await output.WriteAsync(Encoding.UTF8.GetBytes(await cosigner.SignAsync(store, previous, cancellationToken)), cancellationToken);
                    await WriteVerboseAsync($"The second signer's verifier key, to be pinned: {cosigner.VerifierKey}");
                }

                break;
            case "Continuation":
                var older = await File.ReadAllTextAsync(await ResolveLiteralPathAsync(Continues!), cancellationToken);
                await output.WriteAsync(Encoding.UTF8.GetBytes(await store.GetConsistencyProofAsync(older, cancellationToken)), cancellationToken);
                break;
            case "Proof":
                await output.WriteAsync(Encoding.UTF8.GetBytes(await store.GetInclusionProofAsync(Proof, cancellationToken)), cancellationToken);
                break;
            default:
                var bound = MyInvocation.BoundParameters;
                var query = new LedgerQuery
                {
                    After = bound.ContainsKey(nameof(After)) ? After : null,
                    Before = bound.ContainsKey(nameof(Before)) ? Before : null,
                    Session = Session,
                };
                var count = await LedgerExporter.ExportAsync(store, (LedgerExportFormat)Format, query, output, cancellationToken);
                await WriteVerboseAsync($"{count} records.");
                break;
        }
    }
}
