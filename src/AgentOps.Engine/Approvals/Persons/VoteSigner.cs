using System.Security.Cryptography;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Ledger;

namespace AgentOps.Engine.Approvals;

/// <summary>How an answer is signed: with a private key at hand, or by a signature that was made elsewhere.</summary>
public sealed class VoteSigner : IDisposable
{
    private readonly ECDsa? _key;
    private readonly byte[]? _signature;

    /// <summary>Signs with a key, which it takes over.</summary>
    internal VoteSigner(ECDsa key) => _key = key;

    private VoteSigner(byte[] signature) => _signature = signature;

    /// <summary>Whether the signature was made elsewhere, before the answer to a question could be kept.</summary>
    internal bool IsMade => _signature is not null;

    /// <summary>Signs with a private key of P-256 in a PEM file that its owner alone can read.</summary>
    /// <exception cref="AgentOpsException"><c>PathNotFound</c>; <c>SigningKeyInvalid</c>.</exception>
    public static VoteSigner FromFile(string path) =>
        PrivateKeyFile.TryOpen(
            new DiskFiles(), path, ErrorCodes.SigningKeyInvalid, ErrorCodes.SigningKeyInvalid,
            "Whoever read it can answer in its name: make a new key with mode 0600 and register that one.") is { } key
            ? new VoteSigner(key)
            : throw new AgentOpsException(ErrorCodes.PathNotFound, $"There is no file '{path}'.", path);

    /// <summary>Takes a signature that was made elsewhere.</summary>
    /// <param name="base64">DER, base64; white space is of no matter.</param>
    /// <exception cref="AgentOpsException"><c>SigningKeyInvalid</c>.</exception>
    public static VoteSigner FromSignature(string base64)
    {
        try
        {
            return new VoteSigner(Convert.FromBase64String(base64));
        }
        catch (FormatException exception)
        {
            throw new AgentOpsException(ErrorCodes.SigningKeyInvalid, "The signature is no base64.", null, innerException: exception);
        }
    }

    /// <summary>The signature over a text.</summary>
    internal byte[] Sign(byte[] text) => _signature ?? _key!.SignData(text, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

    /// <inheritdoc/>
    public void Dispose() => _key?.Dispose();
}
