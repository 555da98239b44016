using System.Globalization;
using System.Text;

namespace AgentOps.Engine.Ledger;

/// <summary>
/// The line that closes a batch in the log: <c># size root signature [signature …]</c>. A signature is base64 of
/// the key id and the DER signature over the text of the checkpoint of that size, so that the checkpoint can be
/// written from the line alone.
/// </summary>
/// <param name="Size">How many records the log has with this batch.</param>
/// <param name="Root">The Merkle root over them.</param>
/// <param name="Signatures">Key id (4 bytes) and DER signature, each.</param>
internal sealed record CommitLine(long Size, MerkleHash Root, IReadOnlyList<byte[]> Signatures)
{
    /// <summary>The first two bytes of the line; no record begins so.</summary>
    public static ReadOnlySpan<byte> Mark => "# "u8;

    /// <summary>The text that is signed: origin, size and root, a line each.</summary>
    public static byte[] GetNote(string origin, long size, in MerkleHash root) =>
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{origin}\n{size}\n{root}\n"));

    /// <summary>Reads the line, without its line feed; null when it is none.</summary>
    public static CommitLine? TryParse(ReadOnlySpan<byte> line)
    {
        if (!line.StartsWith(Mark) || line.Length > 4096 || !Ascii.IsValid(line))
        {
            return null;
        }

        var parts = Encoding.ASCII.GetString(line[2..]).Split(' ');
        if (parts.Length < 3
            || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            || !MerkleHash.TryParse(parts[1], out var root))
        {
            return null;
        }

        var signatures = new List<byte[]>(parts.Length - 2);
        foreach (var part in parts.AsSpan(2))
        {
            var buffer = new byte[(part.Length / 4 * 3) + 3];
            if (!Convert.TryFromBase64String(part, buffer, out var written) || written < 8)
            {
                return null;
            }

            signatures.Add(buffer[..written]);
        }

        return new CommitLine(size, root, signatures).ToBytes().AsSpan()[..^1].SequenceEqual(line) ? new CommitLine(size, root, signatures) : null;
    }

    /// <summary>Tells whether one of the signatures is the key's.</summary>
    public bool IsSignedBy(VerifierKey key)
    {
        foreach (var signature in Signatures)
        {
            if (System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(signature) == key.KeyId
                && key.Verifies(GetNote(key.Name, Size, Root), signature.AsSpan(4)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The line with its line feed.</summary>
    public byte[] ToBytes()
    {
        var text = new StringBuilder("# ").Append(Size.ToString(CultureInfo.InvariantCulture)).Append(' ').Append(Root.ToString());
        foreach (var signature in Signatures)
        {
            text.Append(' ').Append(Convert.ToBase64String(signature));
        }

        return Encoding.ASCII.GetBytes(text.Append('\n').ToString());
    }

    /// <summary>The same as a signed note (C2SP tlog-checkpoint).</summary>
    public LedgerCheckpoint ToCheckpoint(string origin)
    {
        var note = new StringBuilder(Encoding.UTF8.GetString(GetNote(origin, Size, Root))).Append('\n');
        foreach (var signature in Signatures)
        {
            note.Append("\u2014 ").Append(origin).Append(' ').Append(Convert.ToBase64String(signature)).Append('\n');
        }

        return new LedgerCheckpoint(origin, Size, Root.ToString(), note.ToString());
    }
}
