using System.Security.Cryptography;
using System.Text;
using AgentOps.Engine.Errors;

namespace AgentOps.Engine.Ledger;

/// <summary>
/// The folder of the signing key: <c>ledger.key</c> (PKCS#8 in PEM, read and written by its owner alone) and
/// <c>ledger.vkey</c> (the verifier key, to be pinned elsewhere).
/// </summary>
internal sealed class KeyFolder(string path, ILedgerFiles files)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The file of the private key.</summary>
    public string PrivateKeyPath => Path.Combine(path, "ledger.key");

    /// <summary>The file of the verifier key.</summary>
    public string VerifierKeyPath => Path.Combine(path, "ledger.vkey");

    /// <summary>Tells whether there is a private key.</summary>
    public bool HasSigner => files.Exists(PrivateKeyPath);

    /// <summary>Makes a new key and keeps it.</summary>
    public LedgerSigner Create(string name)
    {
        files.CreateFolder(path, ownerOnly: true);
        var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var signer = new LedgerSigner(name, ecdsa);
        files.Replace(PrivateKeyPath, Encoding.ASCII.GetBytes(ecdsa.ExportPkcs8PrivateKeyPem() + "\n"), durable: true, ownerOnly: true);
        files.Replace(VerifierKeyPath, Encoding.UTF8.GetBytes(signer.Verifier + "\n"), durable: true);
        return signer;
    }

    /// <summary>Reads the key.</summary>
    /// <returns>The key, or null where there is none or this account may not read it.</returns>
    /// <exception cref="AgentOpsException">The key is readable by others, or is no key.</exception>
    public LedgerSigner? TryOpen(string name)
    {
        byte[]? text = null;
        try
        {
            text = files.TryReadAll(PrivateKeyPath);
            if (text is null)
            {
                return null;
            }

            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(PrivateKeyPath) & ~OwnerOnly) != 0)
            {
                throw new AgentOpsException(ErrorCodes.LedgerKeyExposed,
                    $"The signing key '{PrivateKeyPath}' can be read or written by others than its owner.", PrivateKeyPath);
            }

            var ecdsa = ECDsa.Create();
            ecdsa.ImportFromPem(Encoding.ASCII.GetString(text));
            return new LedgerSigner(name, ecdsa);
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }
        catch (Exception exception) when (exception is ArgumentException or CryptographicException or FormatException)
        {
            throw new AgentOpsException(ErrorCodes.LedgerKeyInvalid,
                $"The signing key '{PrivateKeyPath}' is no private key of P-256 in PEM.", PrivateKeyPath, innerException: exception);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }
}
