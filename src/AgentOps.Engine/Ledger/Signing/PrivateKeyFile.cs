using System.Security.Cryptography;
using System.Text;
using AgentOps.Engine.Errors;

namespace AgentOps.Engine.Ledger;

/// <summary>A private key of P-256 in a file: PEM without a password, read and written by its owner alone.</summary>
internal static class PrivateKeyFile
{
    /// <summary>Keeps a key, as PKCS#8.</summary>
    public static void Write(ILedgerFiles files, string path, ECDsa key)
    {
        var text = Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n");
        try
        {
            files.Replace(path, text, durable: true, ownerOnly: true);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }

    /// <summary>Reads the file; null where there is none.</summary>
    /// <exception cref="AgentOpsException"><paramref name="exposed"/>: others can read or write it.</exception>
    public static byte[]? TryRead(ILedgerFiles files, string path, ErrorCode exposed, string? mend = null) => files.Exists(path) && files.IsOpenToOthers(path)
        ? throw new AgentOpsException(exposed, $"The signing key '{path}' can be read or written by others than its owner.", path, mend)
        : files.TryReadAll(path);

    /// <summary>Reads the key; null where there is none.</summary>
    /// <param name="files">The file system.</param>
    /// <param name="path">The file.</param>
    /// <param name="exposed">The error of a key that others can read or write.</param>
    /// <param name="invalid">The error of what is no private key of P-256 in PEM.</param>
    /// <param name="mend">What to do about a key that others can read or write, where the error says something else.</param>
    /// <exception cref="AgentOpsException">One of these.</exception>
    public static ECDsa? TryOpen(ILedgerFiles files, string path, ErrorCode exposed, ErrorCode invalid, string? mend = null)
    {
        byte[]? text = null;
        try
        {
            text = TryRead(files, path, exposed, mend);
            return text is null ? null : Parse(Encoding.ASCII.GetString(text));
        }
        catch (CryptographicException exception)
        {
            throw new AgentOpsException(invalid, $"'{path}' holds no private key of P-256 in PEM, without a password.", path, innerException: exception);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }

    /// <summary>Reads a private key of P-256 in PEM.</summary>
    /// <exception cref="CryptographicException">It is none.</exception>
    public static ECDsa Parse(string pem)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);

            // A public key alone has no D to export, which throws.
            return key.ExportParameters(includePrivateParameters: true).Curve.Oid.Value == ECCurve.NamedCurves.nistP256.Oid.Value
                ? key
                : throw new CryptographicException("It is of another curve.");
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            key.Dispose();
            throw exception as CryptographicException ?? new CryptographicException(exception.Message, exception);
        }
    }
}
