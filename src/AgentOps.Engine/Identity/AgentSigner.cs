using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace AgentOps.Engine.Identity;

/// <summary>The private half of an agent's key. It signs tokens and leaves no other trace.</summary>
internal sealed class AgentSigner : IDisposable
{
    private readonly ECDsa _key;

    /// <summary>Takes over a key of P-256.</summary>
    public AgentSigner(ECDsa key)
    {
        var parameters = key.ExportParameters(includePrivateParameters: false);
        _key = key;
        X = Base64Url.EncodeToString(parameters.Q.X);
        Y = Base64Url.EncodeToString(parameters.Q.Y);

        // RFC 7638: the required members alone, in lexical order, without white space.
        Id = Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes($$"""{"crv":"P-256","kty":"EC","x":"{{X}}","y":"{{Y}}"}""")));
    }

    /// <summary>The key's thumbprint (RFC 7638).</summary>
    public string Id { get; }

    /// <summary>The x coordinate, base64url.</summary>
    public string X { get; }

    /// <summary>The y coordinate, base64url.</summary>
    public string Y { get; }

    /// <summary>Signs as ES256 does: r ‖ s, 64 bytes, over the SHA-256 of the text.</summary>
    public byte[] Sign(ReadOnlySpan<byte> text) => _key.SignData(text, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();
}
