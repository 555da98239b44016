using System.Security.Cryptography;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Ledger;

namespace AgentOps.Engine.Approvals;

/// <summary>How an answer is signed: with a private key at hand, or by a signature that was made elsewhere.</summary>
public sealed class VoteSigner
{
    private readonly string? _pem;
    private readonly byte[]? _signature;

    private VoteSigner(string? pem, byte[]? signature) => (_pem, _signature) = (pem, signature);

    /// <summary>Whether the signature was made elsewhere, before the answer to a question could be kept.</summary>
    internal bool IsMade => _signature is not null;

    /// <summary>Signs with a private key of P-256 in a PEM file that its owner alone can read.</summary>
    /// <exception cref="AgentOpsException"><c>PathNotFound</c>, <c>SigningKeyInvalid</c>.</exception>
    public static VoteSigner FromFile(string path)
    {
        var files = new DiskFiles();
        if (!files.Exists(path))
        {
            throw new AgentOpsException(ErrorCodes.PathNotFound, $"There is no file '{path}'.", path);
        }

        return files.IsOpenToOthers(path)
            ? throw new AgentOpsException(ErrorCodes.SigningKeyInvalid, $"The signing key '{path}' can be read or written by others than its owner.", path,
                "Whoever read it can answer in its name: make a new key with mode 0600 and register that one.")
            : FromKey(File.ReadAllText(path), path);
    }

    /// <summary>Signs with a private key of P-256 in PEM.</summary>
    /// <exception cref="AgentOpsException"><c>SigningKeyInvalid</c>.</exception>
    internal static VoteSigner FromKey(string pem, string source)
    {
        try
        {
            using var key = ECDsa.Create();
            key.ImportFromPem(pem);
            return key.KeySize == 256 && key.ExportParameters(true).D is not null ? new VoteSigner(pem, null) : throw new CryptographicException("It is of another curve.");
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            throw new AgentOpsException(ErrorCodes.SigningKeyInvalid, $"'{source}' holds no private key of P-256 in PEM, without a password.", source, innerException: exception);
        }
    }

    /// <summary>Takes a signature that was made elsewhere.</summary>
    /// <param name="base64">DER, base64; white space is of no matter.</param>
    /// <exception cref="AgentOpsException"><c>SigningKeyInvalid</c>.</exception>
    public static VoteSigner FromSignature(string base64)
    {
        try
        {
            return new VoteSigner(null, Convert.FromBase64String(base64));
        }
        catch (FormatException exception)
        {
            throw new AgentOpsException(ErrorCodes.SigningKeyInvalid, "The signature is no base64.", null, innerException: exception);
        }
    }

    /// <summary>The signature over a text.</summary>
    internal byte[] Sign(byte[] text)
    {
        if (_signature is not null)
        {
            return _signature;
        }

        using var key = ECDsa.Create();
        key.ImportFromPem(_pem);
        return key.SignData(text, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
    }
}
