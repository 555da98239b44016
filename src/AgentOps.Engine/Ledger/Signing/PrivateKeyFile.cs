using System.Security.Cryptography;
using System.Text;
using AgentOps.Engine.Errors;

namespace AgentOps.Engine.Ledger;

/// <summary>A signing key in a file: PKCS#8 in PEM, readable by its owner alone.</summary>
internal static class PrivateKeyFile
{
    /// <summary>Reads the file; null where there is none.</summary>
    /// <exception cref="AgentOpsException">LedgerKeyExposed: others can read or write it.</exception>
    public static byte[]? TryRead(ILedgerFiles files, string path) => files.Exists(path) && files.IsOpenToOthers(path)
        ? throw new AgentOpsException(ErrorCodes.LedgerKeyExposed, $"The signing key '{path}' can be read or written by others than its owner.", path)
        : files.TryReadAll(path);

    /// <summary>Reads the key; null where there is none, or this account may not read it.</summary>
    /// <exception cref="AgentOpsException">LedgerKeyExposed; LedgerKeyInvalid: it is no key of P-256 in PEM.</exception>
    public static LedgerSigner? TryOpen(ILedgerFiles files, string path, string name)
    {
        byte[]? text = null;
        try
        {
            text = TryRead(files, path);
            if (text is null)
            {
                return null;
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
            throw new AgentOpsException(ErrorCodes.LedgerKeyInvalid, $"The signing key '{path}' is no private key of P-256 in PEM.", path, innerException: exception);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }
}
