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
    /// <summary>The folder.</summary>
    public string Path => path;

    private string PrivateKeyPath => System.IO.Path.Combine(path, "ledger.key");

    private string NextKeyPath => System.IO.Path.Combine(path, "ledger.next.key");

    private string VerifierKeyPath => System.IO.Path.Combine(path, "ledger.vkey");

    /// <summary>Makes a new key and keeps it.</summary>
    public LedgerSigner Create(string name) => Create(name, PrivateKeyPath, VerifierKeyPath);

    /// <summary>Makes the key that is to follow the present one, and keeps it beside that.</summary>
    public LedgerSigner CreateNext(string name) => Create(name, NextKeyPath, null);

    /// <summary>Puts the next key in the place of the present one: the ledger has named it.</summary>
    public void AcceptNext(VerifierKey key)
    {
        if (Read(NextKeyPath) is { } text)
        {
            files.Replace(PrivateKeyPath, text, durable: true, ownerOnly: true);
            files.Replace(VerifierKeyPath, Encoding.UTF8.GetBytes(key + "\n"), durable: true);
            files.Delete(NextKeyPath);
            CryptographicOperations.ZeroMemory(text);
        }
    }

    /// <summary>Opens the key that the ledger names: the present one, or the next one where a rotation was not brought to its end.</summary>
    public LedgerSigner? TryOpen(string name, VerifierKey? wanted)
    {
        var signer = TryOpen(name);
        if (signer is null || wanted is null || signer.Verifier.Equals(wanted) || TryOpen(name, NextKeyPath) is not { } next)
        {
            return signer;
        }

        if (!next.Verifier.Equals(wanted))
        {
            next.Dispose();
            return signer;
        }

        signer.Dispose();
        AcceptNext(wanted);
        return next;
    }

    /// <summary>Reads the key.</summary>
    /// <returns>The key, or null where there is none or this account may not read it.</returns>
    /// <exception cref="AgentOpsException">The key is readable by others, or is no key.</exception>
    public LedgerSigner? TryOpen(string name) => TryOpen(name, PrivateKeyPath);

    private byte[]? Read(string keyPath)
    {
        if (files.Exists(keyPath) && files.IsOpenToOthers(keyPath))
        {
            throw new AgentOpsException(ErrorCodes.LedgerKeyExposed,
                $"The signing key '{keyPath}' can be read or written by others than its owner.", keyPath);
        }

        return files.TryReadAll(keyPath);
    }

    private LedgerSigner Create(string name, string keyPath, string? verifierPath)
    {
        files.CreateFolder(path, ownerOnly: true);
        var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var signer = new LedgerSigner(name, ecdsa);
        files.Replace(keyPath, Encoding.ASCII.GetBytes(ecdsa.ExportPkcs8PrivateKeyPem() + "\n"), durable: true, ownerOnly: true);
        if (verifierPath is not null)
        {
            files.Replace(verifierPath, Encoding.UTF8.GetBytes(signer.Verifier + "\n"), durable: true);
        }

        return signer;
    }

    private LedgerSigner? TryOpen(string name, string keyPath)
    {
        byte[]? text = null;
        try
        {
            text = Read(keyPath);
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
            throw new AgentOpsException(ErrorCodes.LedgerKeyInvalid,
                $"The signing key '{keyPath}' is no private key of P-256 in PEM.", keyPath, innerException: exception);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }
}
