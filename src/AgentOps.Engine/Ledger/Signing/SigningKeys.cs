using System.Security.Cryptography;
using AgentOps.Engine.Errors;

namespace AgentOps.Engine.Ledger;

/// <summary>
/// The key with which this process signs a ledger's batches: the one that the ledger names, opened when it is needed and replaced
/// when the ledger names another one.
/// </summary>
/// <param name="keys">Where the keys lie.</param>
internal sealed class SigningKeys(KeyFolder keys) : IDisposable
{
    private LedgerSigner? _next;

    /// <summary>The signer, or null where none is open.</summary>
    public LedgerSigner? Signer { get; private set; }

    /// <summary>Why nothing can be signed, or null.</summary>
    public string? Denied { get; private set; }

    /// <summary>Makes the key of a new ledger, under a name of its own; one that is there already is taken.</summary>
    public LedgerSigner Create()
    {
        var name = "agentops/" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        Signer?.Dispose();
        return Signer = keys.TryOpen(name) ?? keys.Create(name);
    }

    /// <summary>Makes the key that is to follow.</summary>
    public LedgerSigner CreateNext(string name) => keys.CreateNext(name);

    /// <summary>Takes note of the key that the ledger is about to name.</summary>
    public void Announce(LedgerSigner announced) => _next = announced;

    /// <summary>Restores a state from its snapshot, whose signature only the key's holder can have made.</summary>
    public async ValueTask RestoreAsync(SnapshotKeeper snapshots, LedgerState state) =>
        Signer = await snapshots.TryLoadAsync(state, keys, Signer).ConfigureAwait(false);

    /// <summary>Opens the key that the next batch is to be sealed with; <see cref="Denied"/> says so where this account can't.</summary>
    /// <exception cref="AgentOpsException">LedgerKeyInvalid: the key here is not the one that the ledger names.</exception>
    public void Open(LedgerState state)
    {
        if (Denied is not null)
        {
            return;
        }

        if (_next is { } announced && announced.Verifier.Equals(state.SealingKey))
        {
            keys.AcceptNext(announced.Verifier);
            (Signer, _next) = (announced, null);
        }

        if (Signer is null || !Signer.Verifier.Equals(state.SealingKey))
        {
            // Another process may have rotated the key since this one opened it.
            Signer = keys.TryOpen(state.Origin!, state.SealingKey);
        }

        if (Signer is null)
        {
            Denied = $"There is no signing key of it in '{keys.Path}' that this account may read.";
        }
        else if (!Signer.Verifier.Equals(state.SealingKey))
        {
            throw new AgentOpsException(ErrorCodes.LedgerKeyInvalid,
                $"The signing key in '{keys.Path}' is not the one that the ledger names ({state.SealingKey}).", keys.Path);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Signer?.Dispose();
}
