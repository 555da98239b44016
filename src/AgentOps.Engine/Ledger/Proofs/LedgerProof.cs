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
    /// <exception cref="AgentOpsException">LedgerProofInvalid: the text is no proof of inclusion. LedgerKeyInvalid: the key is none.</exception>
    public static bool VerifyInclusion(string proof, ReadOnlySpan<byte> record, string verifierKey)
    {
        var (head, hashes, note) = Read(proof);
        if (head is not [InclusionHead, var line] || !TryReadNumber(line, "index ", out var index))
        {
            throw Invalid("The text is no proof of inclusion.");
        }

        using var key = VerifierKey.ParsePinned(verifierKey);
        return note.IsSignedBy(key) && MerkleProof.VerifyInclusion(
            index, note.Size, MerkleHash.Leaf(record), hashes, note.Root);
    }

    /// <summary>Tells whether the ledger that a proof states continues an older checkpoint.</summary>
    /// <param name="proof">The text of the proof.</param>
    /// <param name="oldCheckpoint">The signed note kept from then.</param>
    /// <param name="verifierKey">The key that signs the newer checkpoint; of the older one only size and root matter, for they were kept by whoever asks.</param>
    /// <exception cref="AgentOpsException">LedgerProofInvalid: the text is no proof of consistency. LedgerAnchorInvalid: the older text is no checkpoint. LedgerKeyInvalid: the key is none.</exception>
    public static bool VerifyConsistency(string proof, string oldCheckpoint, string verifierKey)
    {
        var (head, hashes, note) = Read(proof);
        var old = SignedNote.ParseAnchor(oldCheckpoint);
        if (head is not [var line] || !TryReadNumber(line, "old ", out var size))
        {
            throw Invalid("The text is no proof of consistency.");
        }

        using var key = VerifierKey.ParsePinned(verifierKey);
        return note.IsSignedBy(key) && old.Origin == note.Origin
            && size == old.Size
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
    internal static string MakeConsistency(string oldCheckpoint, string note, Func<int, long, MerkleHash> node)
    {
        var now = SignedNote.TryParse(note)!;
        var old = SignedNote.ParseAnchor(oldCheckpoint);
        if (old.Origin != now.Origin)
        {
            throw new AgentOpsException(ErrorCodes.LedgerAnchorInvalid, $"The anchor is of the ledger '{old.Origin}', and this one is '{now.Origin}'.", old.Origin);
        }

        var hashes = old.Size <= now.Size ? MerkleProof.GetConsistency(old.Size, now.Size, node) : [];
        return MerkleProof.VerifyConsistency(old.Size, now.Size, old.Root, now.Root, hashes)
            ? Write(string.Create(CultureInfo.InvariantCulture, $"old {old.Size}\n"), hashes, note)
            : throw new AgentOpsException(ErrorCodes.LedgerTampered,
                $"The ledger has {now.Size} records and does not continue the anchor, which says {old.Size}: it was replaced, or cut.", old.Origin);
    }

    private static bool TryReadNumber(string line, string name, out long number)
    {
        number = 0;
        return line.StartsWith(name, StringComparison.Ordinal) && long.TryParse(line.AsSpan(name.Length), NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    private static AgentOpsException Invalid(string what) => new(ErrorCodes.LedgerProofInvalid, what, null);

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
            throw Invalid("The text is no proof: lines, an empty line and a checkpoint are expected.");
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
                throw Invalid($"The line '{line}' of the proof is no hash.");
            }
        }

        return ([.. head], hashes, note);
    }
}
