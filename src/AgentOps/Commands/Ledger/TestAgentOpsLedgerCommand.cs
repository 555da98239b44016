using System.Management.Automation;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Ledger;
using AgentOps.Hosting;
using AgentOps.Output;

namespace AgentOps.Commands;

/// <summary>Verifies the ledger, every hash and every signature; or a proof about it, without the ledger.</summary>
[Cmdlet(VerbsDiagnostic.Test, "AgentOpsLedger", DefaultParameterSetName = "Ledger")]
[OutputType(typeof(bool), typeof(LedgerReport))]
public sealed class TestAgentOpsLedgerCommand : WorkspaceCmdlet
{
    private const int ProgressId = 0x4147_0002;

    /// <summary>The folder of another store; without it, this runspace's.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = "Ledger")]
    [ValidateNotNullOrEmpty]
    [Alias("PSPath", "Store")]
    public string? LiteralPath { get; set; }

    /// <summary>The file of a checkpoint kept elsewhere, which the ledger must continue.</summary>
    [Parameter(ParameterSetName = "Ledger")]
    [Parameter(Mandatory = true, ParameterSetName = "Continuation")]
    [ValidateNotNullOrEmpty]
    public string? Anchor { get; set; }

    /// <summary>The verifier keys of second signers, each of which must have signed the anchor.</summary>
    [Parameter(ParameterSetName = "Ledger")]
    [ValidateNotNullOrEmpty]
    public string[]? CosignerKey { get; set; }

    /// <summary>The file of a proof, which is verified instead of a ledger.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Record")]
    [Parameter(Mandatory = true, ParameterSetName = "Continuation")]
    [ValidateNotNullOrEmpty]
    public string? Proof { get; set; }

    /// <summary>The file with the record's line, byte for byte, that the proof is of.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Record")]
    [ValidateNotNullOrEmpty]
    public string? Record { get; set; }

    /// <summary>The verifier key that was pinned when the ledger was created.</summary>
    [Parameter(ParameterSetName = "Ledger")]
    [Parameter(Mandatory = true, ParameterSetName = "Record")]
    [Parameter(Mandatory = true, ParameterSetName = "Continuation")]
    [ValidateNotNullOrEmpty]
    public string? VerifierKey { get; set; }

    /// <summary>Gives the whole report, with every fault and its line.</summary>
    [Parameter(ParameterSetName = "Ledger")]
    public SwitchParameter Detailed { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        if (Proof is not null)
        {
            await WriteAsync(await VerifyProofAsync(cancellationToken));
            return;
        }

        var progress = new ProgressRecord(ProgressId, "Verifying the ledger", "Reading");
        var options = new LedgerVerificationOptions
        {
            Anchor = Anchor is null ? null : await File.ReadAllTextAsync(await ResolveLiteralPathAsync(Anchor), cancellationToken),
            VerifierKey = VerifierKey,
            Cosigners = CosignerKey ?? [],
        };
        LedgerVerification verification;
        try
        {
            await WriteProgressAsync(progress);
            verification = await VerifyAsync(options, cancellationToken);
        }
        finally
        {
            progress.RecordType = ProgressRecordType.Completed;
            if (!cancellationToken.IsCancellationRequested)
            {
                await WriteProgressAsync(progress);
            }
        }

        foreach (var fault in verification.Faults)
        {
            await WriteVerboseAsync($"{fault.Line}: {fault.What}");
        }

        await WriteAsync(Detailed ? LedgerReport.FromVerification(verification) : verification.IsWhole);
    }

    private async Task<bool> VerifyProofAsync(CancellationToken cancellationToken)
    {
        var proof = await File.ReadAllTextAsync(await ResolveLiteralPathAsync(Proof!), cancellationToken);
        if (Anchor is not null)
        {
            var older = await File.ReadAllTextAsync(await ResolveLiteralPathAsync(Anchor), cancellationToken);
            return LedgerProof.VerifyConsistency(proof, older, VerifierKey!);
        }

        var record = await File.ReadAllBytesAsync(await ResolveLiteralPathAsync(Record!), cancellationToken);
        return LedgerProof.VerifyInclusion(proof, record.AsSpan().TrimEnd("\r\n"u8), VerifierKey!);
    }

    private async Task<LedgerVerification> VerifyAsync(LedgerVerificationOptions options, CancellationToken cancellationToken)
    {
        if (LiteralPath is not null)
        {
            return await FileLedgerStore.VerifyFolderAsync(await ResolveLiteralPathAsync(LiteralPath), options, cancellationToken);
        }

        try
        {
            var workspace = await GetWorkspaceAsync(cancellationToken);
            return await workspace.Ledger.VerifyAsync(options, cancellationToken);
        }
        catch (AgentOpsException exception) when (exception.Code == ErrorCodes.LedgerTampered)
        {
            // It does not hold together, so it can't be opened: the report tells where and what.
            var connection = await OnPipelineAsync(() => RunspaceConnection.Current);
            if (!Directory.Exists(connection.Store))
            {
                throw;
            }

            return await FileLedgerStore.VerifyFolderAsync(connection.Store, options, cancellationToken);
        }
    }
}
