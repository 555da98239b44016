using System.Globalization;
using System.Text;
using AgentOps.Engine.Errors;

namespace AgentOps.Engine.Ledger;

/// <summary>
/// Proofs as texts. Inclusion, as C2SP tlog-proof: <c>c2sp.org/tlog-proof@v1</c>, <c>index N</c>, a base64 hash a line, an empty
/// line, the checkpoint. Consistency, as a C2SP tlog-witness takes it: <c>old N</c>, a base64 hash a line, an empty line, the
/// checkpoint. The hashes are those of RFC 6962, section 2.1.
/// </summary>
public static class LedgerProof
{
    private const string InclusionHead = "c2sp.org/tlog-proof@v1";

    /// <summary>Tells whether a record is in the ledger that a checkpoint states.</summary>
    /// <param name="proof">The text of the proof.</param>
    /// <param name="record">The line of the record, without its line feed, byte for byte.</param>
    /// <param name="verifierKey">The pinned key: <c>name+keyid+base64</c>.</param>
    /// <exception cref="FormatException">The text is no proof of inclusion.</exception>
    public static bool VerifyInclusion(string proof, ReadOnlySpan<byte> record, string verifierKey)
    {
        var (head, hashes, note) = Read(proof);
        if (head is not [InclusionHead, var index] || !index.StartsWith("index ", StringComparison.Ordinal))
        {
            throw new FormatException("The text is no proof of inclusion.");
        }

        using var key = VerifierKey.Parse(verifierKey);
        return note.IsSignedBy(key) && MerkleProof.VerifyInclusion(
            long.Parse(index.AsSpan(6), NumberStyles.None, CultureInfo.InvariantCulture), note.Size, MerkleHash.Leaf(record), hashes, note.Root);
    }

    /// <summary>Tells whether the ledger that a proof states continues an older checkpoint.</summary>
    /// <param name="proof">The text of the proof.</param>
    /// <param name="oldCheckpoint">The signed note kept from then.</param>
    /// <param name="verifierKey">The key that signs the newer checkpoint; of the older one only size and root matter, for they were kept by whoever asks.</param>
    /// <exception cref="FormatException">A text is no proof of consistency, or no checkpoint.</exception>
    public static bool VerifyConsistency(string proof, string oldCheckpoint, string verifierKey)
    {
        var (head, hashes, note) = Read(proof);
        var old = SignedNote.TryParse(oldCheckpoint) ?? throw new FormatException("The older text is no checkpoint.");
        if (head is not [var size] || !size.StartsWith("old ", StringComparison.Ordinal))
        {
            throw new FormatException("The text is no proof of consistency.");
        }

        using var key = VerifierKey.Parse(verifierKey);
        return note.IsSignedBy(key) && old.Origin == note.Origin
            && long.Parse(size.AsSpan(4), NumberStyles.None, CultureInfo.InvariantCulture) == old.Size
            && MerkleProof.VerifyConsistency(old.Size, note.Size, old.Root, note.Root, hashes);
    }

    /// <summary>Makes a proof of inclusion.</summary>
    internal static string MakeInclusion(long sequence, string note, Func<int, long, MerkleHash> node)
    {
        var size = SignedNote.TryParse(note)!.Size;
        return sequence >= 0 && sequence < size
            ? Write(string.Create(CultureInfo.InvariantCulture, $"{InclusionHead}\nindex {sequence}\n"), MerkleProof.GetInclusion(sequence, size, node), note)
            : throw new AgentOpsException(ErrorCodes.LedgerRecordNotFound, $"There is no record {sequence}: the ledger has {size}, from 0.", sequence);
    }

    /// <summary>Makes a proof of consistency.</summary>
    internal static string MakeConsistency(long oldSize, string note, Func<int, long, MerkleHash> node)
    {
        var size = SignedNote.TryParse(note)!.Size;
        return oldSize >= 0 && oldSize <= size
            ? Write(string.Create(CultureInfo.InvariantCulture, $"old {oldSize}\n"), MerkleProof.GetConsistency(oldSize, size, node), note)
            : throw new AgentOpsException(ErrorCodes.LedgerRecordNotFound, $"The ledger never had {oldSize} records: it has {size}.", oldSize);
    }

    private static string Write(string head, List<MerkleHash> hashes, string note)
    {
        var text = new StringBuilder(head);
        foreach (var hash in hashes)
        {
            text.Append(hash.ToString()).Append('\n');
        }

        return text.Append('\n').Append(note).ToString();
    }

    private static (string[] Head, List<MerkleHash> Hashes, SignedNote Note) Read(string proof)
    {
        var split = proof.IndexOf("\n\n", StringComparison.Ordinal);
        if (split < 0 || SignedNote.TryParse(proof[(split + 2)..]) is not { } note)
        {
            throw new FormatException("The text is no proof: lines, an empty line and a checkpoint are expected.");
        }

        var hashes = new List<MerkleHash>();
        var head = new List<string>();
        foreach (var line in proof[..split].Split('\n'))
        {
            if (MerkleHash.TryParse(line, out var hash))
            {
                hashes.Add(hash);
            }
            else if (hashes.Count == 0)
            {
                head.Add(line);
            }
            else
            {
                throw new FormatException($"The line '{line}' of the proof is no hash.");
            }
        }

        return ([.. head], hashes, note);
    }
}
