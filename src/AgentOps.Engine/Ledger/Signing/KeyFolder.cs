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
        if (PrivateKeyFile.TryRead(files, NextKeyPath, ErrorCodes.LedgerKeyExposed) is { } text)
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
        if (signer is null || wanted is null || signer.Verifier.Equals(wanted) || LedgerSigner.TryOpen(files, NextKeyPath, name) is not { } next)
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
    public LedgerSigner? TryOpen(string name) => LedgerSigner.TryOpen(files, PrivateKeyPath, name);

    private LedgerSigner Create(string name, string keyPath, string? verifierPath)
    {
        files.CreateFolder(path, ownerOnly: true);
        var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var signer = new LedgerSigner(name, ecdsa);
        PrivateKeyFile.Write(files, keyPath, ecdsa);
        if (verifierPath is not null)
        {
            files.Replace(verifierPath, Encoding.UTF8.GetBytes(signer.Verifier + "\n"), durable: true);
        }

        return signer;
    }
}
