using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using AgentOps.Engine.Errors;

namespace AgentOps.Engine.Ledger;

/// <summary>A checkpoint as a C2SP signed note, read from its text.</summary>
/// <param name="Origin">The name of the ledger.</param>
/// <param name="Size">How many records.</param>
/// <param name="Root">The root over them.</param>
/// <param name="Text">The text that is signed.</param>
/// <param name="Signatures">Name of the key, key id (4 bytes) and DER signature.</param>
internal sealed record SignedNote(string Origin, long Size, MerkleHash Root, string Text, IReadOnlyList<(string Name, byte[] Signature)> Signatures)
{
    /// <summary>Reads a note; null when the text is none.</summary>
    public static SignedNote? TryParse(string note)
    {
        var split = note.LastIndexOf("\n\n", StringComparison.Ordinal);
        if (split < 0 || !note.EndsWith('\n'))
        {
            return null;
        }

        var text = note[..(split + 1)];
        var lines = text.Split('\n');
        if (lines.Length < 4
            || !long.TryParse(lines[1], NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            || !MerkleHash.TryParse(lines[2], out var root))
        {
            return null;
        }

        var signatures = new List<(string, byte[])>();
        foreach (var line in note[(split + 2)..^1].Split('\n'))
        {
            var parts = line.Split(' ');
            if (parts.Length != 3 || parts[0] != "\u2014")
            {
                return null;
            }

            var buffer = new byte[(parts[2].Length / 4 * 3) + 3];
            if (!Convert.TryFromBase64String(parts[2], buffer, out var written) || written < 5)
            {
                return null;
            }

            signatures.Add((parts[1], buffer[..written]));
        }

        return new SignedNote(lines[0], size, root, text, signatures);
    }

    /// <summary>Reads a checkpoint that a person kept.</summary>
    /// <exception cref="AgentOpsException">LedgerAnchorInvalid: it is none.</exception>
    public static SignedNote ParseAnchor(string note) => TryParse(note)
        ?? throw new AgentOpsException(ErrorCodes.LedgerAnchorInvalid, "The anchor is no checkpoint: a signed note of origin, size and root is expected.", note);

    /// <summary>Tells whether the note is of the key's ledger and signed by it.</summary>
    public bool IsSignedBy(VerifierKey key) => Origin == key.Name && HasSignatureOf(key);

    /// <summary>Tells whether a key signed the note, the ledger's own or a second signer's.</summary>
    public bool HasSignatureOf(VerifierKey key)
    {
        var text = Encoding.UTF8.GetBytes(Text);
        return Signatures.Any(signature => signature.Name == key.Name
            && BinaryPrimitives.ReadUInt32BigEndian(signature.Signature) == key.KeyId
            && key.Verifies(text, signature.Signature.AsSpan(4)));
    }
}
