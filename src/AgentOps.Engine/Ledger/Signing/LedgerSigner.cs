using System.Buffers.Binary;
using System.Security.Cryptography;
using AgentOps.Engine.Errors;

namespace AgentOps.Engine.Ledger;

/// <summary>The private half of a ledger's key. It signs notes and leaves no other trace.</summary>
internal sealed class LedgerSigner : IDisposable
{
    private readonly ECDsa _ecdsa;

    /// <summary>Takes over a key of P-256.</summary>
    /// <exception cref="FormatException">It is a key of another curve.</exception>
    public LedgerSigner(string name, ECDsa ecdsa)
    {
        _ecdsa = ecdsa;
        Verifier = VerifierKey.Create(name, ecdsa.ExportSubjectPublicKeyInfo());
    }

    /// <summary>Reads a key; null where there is none, or this account may not read it.</summary>
    /// <exception cref="AgentOpsException">LedgerKeyExposed; LedgerKeyInvalid: it is no private key of P-256 in PEM.</exception>
    public static LedgerSigner? TryOpen(ILedgerFiles files, string path, string name)
    {
        try
        {
            return PrivateKeyFile.TryOpen(files, path, ErrorCodes.LedgerKeyExposed, ErrorCodes.LedgerKeyInvalid) is { } key ? new LedgerSigner(name, key) : null;
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The public half.</summary>
    public VerifierKey Verifier { get; }

    /// <summary>Signs the text of a note.</summary>
    /// <returns>The key id (4 bytes) and the DER signature over the SHA-256 of the text, as a signature line holds them.</returns>
    public byte[] Sign(ReadOnlySpan<byte> text)
    {
        Span<byte> signature = stackalloc byte[128];
        _ecdsa.TrySignData(text, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence, out var written);
        var result = new byte[4 + written];
        BinaryPrimitives.WriteUInt32BigEndian(result, Verifier.KeyId);
        signature[..written].CopyTo(result.AsSpan(4));
        return result;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ecdsa.Dispose();
        Verifier.Dispose();
    }
}
