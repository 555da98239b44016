using System.Security.Cryptography;
using System.Text;
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
        var pem = Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n");
        try
        {
            files.CreateFolder(path, ownerOnly: true);
            files.Replace(FileOf(signer.Id), pem, durable: true, ownerOnly: true);
            return signer;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            signer.Dispose();
            throw Unusable($"The agents' keys in '{path}' can't be written: {exception.Message}", exception);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pem);
        }
    }

    /// <summary>Reads a key.</summary>
    /// <returns>The key, or null where this host does not have it.</returns>
    /// <exception cref="AgentOpsException"><c>AgentKeyUnusable</c>: it can be read by others, or is not the key of its name.</exception>
    public AgentSigner? TryOpen(string id)
    {
        byte[]? text = null;
        try
        {
            if (files.Exists(FileOf(id)) && files.IsOpenToOthers(FileOf(id)))
            {
                throw Unusable($"The agent's key '{FileOf(id)}' can be read or written by others than its owner.", null);
            }

            text = files.TryReadAll(FileOf(id));
            if (text is null)
            {
                return null;
            }

            var key = ECDsa.Create();
            key.ImportFromPem(Encoding.ASCII.GetString(text));
            var signer = new AgentSigner(key);
            return signer.Id == id ? signer : throw new CryptographicException("It is another key.");
        }
        catch (Exception exception) when (exception is ArgumentException or CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw Unusable($"The agent's key '{FileOf(id)}' can't be used: {exception.Message}", exception);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }

    /// <summary>Removes a key; nothing where it is not here.</summary>
    public void Delete(string id) => files.Delete(FileOf(id));

    private string FileOf(string id) => Path.Combine(path, id + ".key");

    private AgentOpsException Unusable(string message, Exception? inner) => new(ErrorCodes.AgentKeyUnusable, message, path, innerException: inner);
}
