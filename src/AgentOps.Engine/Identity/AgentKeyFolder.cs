using System.Security.Cryptography;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Ledger;

namespace AgentOps.Engine.Identity;

/// <summary>The private keys of agents on this host: <c>KEYID.key</c> each, PKCS#8 in PEM, read and written by its owner alone.</summary>
internal sealed class AgentKeyFolder(string path, ILedgerFiles files)
{
    /// <summary>Makes a new key and keeps it.</summary>
    /// <exception cref="AgentOpsException"><c>AgentKeyUnusable</c>: this account may not write here.</exception>
    public AgentSigner Create()
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var signer = new AgentSigner(key);
        try
        {
            files.CreateFolder(path, ownerOnly: true);
            PrivateKeyFile.Write(files, FileOf(signer.Id), key);
            return signer;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            signer.Dispose();
            throw Unusable($"The agents' keys in '{path}' can't be written: {exception.Message}", exception);
        }
    }

    /// <summary>Reads a key.</summary>
    /// <returns>The key, or null where this host does not have it.</returns>
    /// <exception cref="AgentOpsException"><c>AgentKeyUnusable</c>: it can be read by others, or is not the key of its name.</exception>
    public AgentSigner? TryOpen(string id)
    {
        try
        {
            if (PrivateKeyFile.TryOpen(files, FileOf(id), ErrorCodes.AgentKeyUnusable, ErrorCodes.AgentKeyUnusable) is not { } key)
            {
                return null;
            }

            var signer = new AgentSigner(key);
            if (signer.Id == id)
            {
                return signer;
            }

            signer.Dispose();
            throw Unusable($"The agent's key '{FileOf(id)}' is another key than its name says.", null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unusable($"The agent's key '{FileOf(id)}' can't be read: {exception.Message}", exception);
        }
    }

    /// <summary>Removes a key; nothing where it is not here.</summary>
    public void Delete(string id) => files.Delete(FileOf(id));

    private string FileOf(string id) => Path.Combine(path, id + ".key");

    private AgentOpsException Unusable(string message, Exception? inner) => new(ErrorCodes.AgentKeyUnusable, message, path, innerException: inner);
}
