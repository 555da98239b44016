using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Serialization;

namespace AgentOps.Engine.Approvals;

/// <summary>A person who answers requests by signing: the public half of a key of P-256, under a name.</summary>
/// <param name="Name">The name; <c>key:NAME</c> where persons are named.</param>
/// <param name="PublicKey">SubjectPublicKeyInfo, DER, base64.</param>
/// <param name="Account">The account of the same person, <c>os:NAME</c> or <c>database:NAME</c>; null where there is none to be counted with it.</param>
/// <param name="Registered">When it was registered, UTC.</param>
public sealed record RegisteredPerson(string Name, string PublicKey, string? Account, DateTimeOffset Registered)
{
    /// <summary>What the names of such persons begin with.</summary>
    public const string Prefix = "key:";

    private const int LongestSignature = 128;

    /// <summary>The person, as votes name it.</summary>
    public string Person => Prefix + Name;

    /// <summary>SHA-256 over the SubjectPublicKeyInfo, in hex.</summary>
    public string KeyId => Convert.ToHexStringLower(SHA256.HashData(Convert.FromBase64String(PublicKey)));

    /// <summary>Reads a public key in PEM (<c>BEGIN PUBLIC KEY</c>) and gives it in its one spelling, base64.</summary>
    /// <exception cref="AgentOpsException"><c>SigningKeyInvalid</c>: it is a private key, or none of P-256.</exception>
    public static string ReadPublicKey(string pem, string source)
    {
        if (pem.Contains("PRIVATE KEY", StringComparison.Ordinal))
        {
            throw new AgentOpsException(ErrorCodes.SigningKeyInvalid, $"'{source}' holds a private key, which stays with its owner; give the public half, as 'openssl pkey -pubout' writes it.", source);
        }

        using var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            return key.KeySize == 256 && key.ExportParameters(false).Curve.Oid.Value == ECCurve.NamedCurves.nistP256.Oid.Value
                ? Convert.ToBase64String(key.ExportSubjectPublicKeyInfo())
                : throw new CryptographicException("It is of another curve.");
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            throw new AgentOpsException(ErrorCodes.SigningKeyInvalid, $"'{source}' holds no public key of P-256 in PEM: {exception.Message}", source, innerException: exception);
        }
    }

    /// <summary>The same for a signature in base64; what is none is nobody's.</summary>
    public bool Signed(ReadOnlySpan<byte> text, string signature)
    {
        Span<byte> bytes = stackalloc byte[LongestSignature];
        return Convert.TryFromBase64String(signature, bytes, out var length) && Signed(text, bytes[..length]);
    }

    /// <summary>Whether a signature over a text is this key's: ECDSA over its SHA-256, in DER, as <c>openssl dgst -sha256 -sign</c> writes it.</summary>
    public bool Signed(ReadOnlySpan<byte> text, ReadOnlySpan<byte> signature)
    {
        using var key = ECDsa.Create();
        try
        {
            key.ImportSubjectPublicKeyInfo(Convert.FromBase64String(PublicKey), out _);
            return key.VerifyData(text, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException)
        {
            return false;
        }
    }

    /// <summary>The canonical JSON that a ledger record carries.</summary>
    public JsonObject ToJson() => new JsonObject().With("name", Name).With("publicKey", PublicKey).With("account", Account);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    public static RegisteredPerson FromJson(JsonElement data, DateTimeOffset registered) =>
        new(data.RequiredText("name"), data.RequiredText("publicKey"), data.Text("account"), registered);
}
