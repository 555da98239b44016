using System.Globalization;
using System.Security.Cryptography;
using AgentOps.Engine.Errors;

namespace AgentOps.Engine.Ledger;

/// <summary>
/// The public key that verifies a ledger, in the form of C2SP signed-note:
/// <c>name+keyid+base64(0x02 ‖ SubjectPublicKeyInfo)</c>, ECDSA over P-256; the key id is the first four bytes
/// of the SHA-256 of the SubjectPublicKeyInfo. Print it and pin it elsewhere.
/// </summary>
public sealed class VerifierKey : IEquatable<VerifierKey>, IDisposable
{
    private const byte EcdsaType = 2;
    private readonly byte[] _publicKey;
    private readonly ECDsa _ecdsa;

    private VerifierKey(string name, byte[] publicKey)
    {
        Name = name;
        _publicKey = publicKey;
        KeyId = GetKeyId(publicKey);
        _ecdsa = ECDsa.Create();
        _ecdsa.ImportSubjectPublicKeyInfo(publicKey, out _);
        if (_ecdsa.KeySize != 256)
        {
            throw new FormatException("The verifier key is no key of the curve P-256.");
        }
    }

    /// <summary>The name of the ledger, its origin: the first line of its checkpoints.</summary>
    public string Name { get; }

    /// <summary>The first four bytes of SHA-256(SubjectPublicKeyInfo), big endian.</summary>
    public uint KeyId { get; }

    /// <summary>The SubjectPublicKeyInfo, DER.</summary>
    public ReadOnlyMemory<byte> PublicKey => _publicKey;

    /// <summary>Makes a key from its SubjectPublicKeyInfo.</summary>
    /// <exception cref="FormatException">It is no key of P-256.</exception>
    public static VerifierKey Create(string name, ReadOnlySpan<byte> publicKey)
    {
        try
        {
            return new VerifierKey(name, publicKey.ToArray());
        }
        catch (Exception exception) when (exception is CryptographicException or PlatformNotSupportedException)
        {
            throw new FormatException("The verifier key's SubjectPublicKeyInfo can't be read.", exception);
        }
    }

    /// <summary>Reads <c>name+keyid+base64</c>.</summary>
    /// <exception cref="FormatException">The text is no verifier key, or its key id is not that of its key.</exception>
    public static VerifierKey Parse(string text)
    {
        var parts = text.Trim().Split('+', 3);
        if (parts.Length != 3 || !uint.TryParse(parts[1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var keyId))
        {
            throw new FormatException("A verifier key has the form name+keyid+base64.");
        }

        var bytes = Convert.FromBase64String(parts[2]);
        if (bytes.Length < 2 || bytes[0] != EcdsaType)
        {
            throw new FormatException("The verifier key is not of type 2, ECDSA over P-256.");
        }

        var key = Create(parts[0], bytes.AsSpan(1));
        return key.KeyId == keyId ? key : throw new FormatException("The key id of the verifier key is not that of its key.");
    }

    /// <summary>Reads a key that a person pinned.</summary>
    /// <exception cref="AgentOpsException">LedgerKeyInvalid: the text is none.</exception>
    internal static VerifierKey ParsePinned(string text)
    {
        try
        {
            return Parse(text);
        }
        catch (FormatException exception)
        {
            throw new AgentOpsException(ErrorCodes.LedgerKeyInvalid, $"The verifier key can't be read: {exception.Message}", text, innerException: exception);
        }
    }

    /// <summary>Tells whether a signature over a text is this key's.</summary>
    /// <param name="text">The text of the note, with its last line feed.</param>
    /// <param name="signature">DER, over the SHA-256 of the text.</param>
    public bool Verifies(ReadOnlySpan<byte> text, ReadOnlySpan<byte> signature)
    {
        try
        {
            return _ecdsa.VerifyData(text, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>The key in PEM, as <c>openssl dgst -verify</c> takes it.</summary>
    public string ToPem() => PemEncoding.WriteString("PUBLIC KEY", _publicKey) + "\n";

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Name}+{KeyId:x8}+{Convert.ToBase64String([EcdsaType, .. _publicKey])}");

    /// <inheritdoc/>
    public bool Equals(VerifierKey? other) => other is not null && Name == other.Name && _publicKey.AsSpan().SequenceEqual(other._publicKey);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as VerifierKey);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, KeyId);

    /// <inheritdoc/>
    public void Dispose() => _ecdsa.Dispose();

    private static uint GetKeyId(ReadOnlySpan<byte> publicKey)
    {
        Span<byte> hash = stackalloc byte[MerkleHash.Length];
        SHA256.HashData(publicKey, hash);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(hash);
    }
}
