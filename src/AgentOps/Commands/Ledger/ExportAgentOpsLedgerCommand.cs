using System.Management.Automation;
using System.Text;
using AgentOps.Completion;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Ledger;
using AgentOps.Hosting;
using AgentOps.Output;

namespace AgentOps.Commands;

/// <summary>Writes records, an anchor or a proof to a file.</summary>
[Cmdlet(VerbsData.Export, "AgentOpsLedger", DefaultParameterSetName = "Records", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(FileInfo))]
public sealed class ExportAgentOpsLedgerCommand : WorkspaceCmdlet
{
    /// <summary>The file to write.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    [Alias("PSPath")]
    public string LiteralPath { get; set; } = string.Empty;

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
    public SwitchParameter Anchor { get; set; }

    /// <summary>Writes the proof that the record of this sequence is in the ledger.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Proof")]
    [ValidateRange(0, long.MaxValue)]
    public long Proof { get; set; }

    /// <summary>Leaves a file that is there as it is.</summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    /// <summary>Replaces a file even where it may only be read.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var path = await ResolveLiteralPathAsync(LiteralPath);
        var file = new FileInfo(path);
        if (file.Exists && (NoClobber || (file.IsReadOnly && !Force)))
        {
            throw new AgentOpsException(ErrorCodes.FileExists, $"The file '{path}' is there{(NoClobber ? "" : " and may only be read")}.", path, NoClobber ? null : "Give another file, or -Force.");
        }

        var workspace = await GetWorkspaceAsync(cancellationToken);
        if (!await ConfirmAsync(path, "Export the ledger"))
        {
            return;
        }

        var temporary = path + ".new";
        try
        {
            await using (var output = new FileStream(temporary, FileMode.Create, FileAccess.Write))
            {
                await WriteToAsync(workspace.Ledger, output, cancellationToken);
            }

            if (file.Exists && file.IsReadOnly)
            {
                file.IsReadOnly = false;
            }

            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }

        await WriteAsync(new FileInfo(path));
    }

    private async Task WriteToAsync(ILedgerStore store, FileStream output, CancellationToken cancellationToken)
    {
        switch (ParameterSetName)
        {
            case "Anchor":
                await store.RefreshAsync(cancellationToken);
                await output.WriteAsync(Encoding.UTF8.GetBytes(store.GetCheckpoint().Note), cancellationToken);
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
