using AgentOps.Engine.Ledger;

namespace AgentOps.Engine.Benchmarks.Agents;

/// <summary>Proves of records that the ledger's signed checkpoint holds them, as anyone with the public key can.</summary>
internal static class EffectProof
{
    /// <summary>How many of the records are proved to be in the ledger.</summary>
    public static async Task<long> CountAsync(ILedgerStore ledger, long[] sequences, CancellationToken cancellationToken)
    {
        var wanted = sequences.ToHashSet();
        var lines = new Dictionary<long, byte[]>(wanted.Count);
        await foreach (var record in ledger.ReadAsync(new LedgerQuery(), cancellationToken))
        {
            if (wanted.Contains(record.Sequence))
            {
                var line = new ByteBuffer();
                RecordCodec.Write(record, line);
                lines[record.Sequence] = line.Span.ToArray();
            }
        }

        var proofs = ledger is FileLedgerStore files
            ? await files.GetInclusionProofsAsync(sequences, cancellationToken)
            : await Task.WhenAll(sequences.Select(sequence => ledger.GetInclusionProofAsync(sequence, cancellationToken).AsTask()));
        var key = ledger is FileLedgerStore own ? own.VerifierKey : ((PostgresLedgerStore)ledger).VerifierKey;
        return sequences.Zip(proofs).Count(pair => lines.TryGetValue(pair.First, out var line) && LedgerProof.VerifyInclusion(pair.Second, line, key));
    }
}
