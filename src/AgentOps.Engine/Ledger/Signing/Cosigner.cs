using System.Text;
using AgentOps.Engine.Errors;

namespace AgentOps.Engine.Ledger;

/// <summary>
/// A second signer: someone apart from those who write the ledger, with a key of their own, who reads it, verifies it and puts their
/// signature beside the ledger's on its checkpoint (a further line of the C2SP signed note, ECDSA P-256, type 0x02). Whoever holds the
/// ledger's key can't make that signature, so can't show an older or another ledger to someone who asks for it.
/// </summary>
public sealed class Cosigner : IDisposable
{
    private readonly LedgerSigner _signer;

    private Cosigner(LedgerSigner signer) => _signer = signer;

    /// <summary>What others pin: <c>name+keyid+base64</c>.</summary>
    public string VerifierKey => _signer.Verifier.ToString();

    /// <summary>Opens a second signer's key.</summary>
    /// <param name="name">The name under which it signs, as the name of a key in a signed note: no space, no plus sign; a host name or a URL without scheme, by custom.</param>
    /// <param name="path">A private key of P-256 in PEM, readable by its owner alone.</param>
    /// <exception cref="AgentOpsException">NameInvalid; LedgerKeyExposed; LedgerKeyInvalid.</exception>
    public static Cosigner Open(string name, string path)
    {
        if (name.Length == 0 || name.Any(character => char.IsWhiteSpace(character) || char.IsControl(character) || character == '+'))
        {
            throw new AgentOpsException(ErrorCodes.NameInvalid, $"'{name}' is no name of a signer: it must have no space and no plus sign.", name,
                "Give a name like audit.example.org/second.");
        }

        return LedgerSigner.TryOpen(new DiskFiles(), path, name) is { } signer
            ? new Cosigner(signer)
            : throw new AgentOpsException(ErrorCodes.LedgerKeyInvalid, $"There is no signing key in '{path}' that this account may read.", path,
                "Make one: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out FILE; chmod 600 FILE.");
    }

    /// <summary>Verifies the whole ledger and signs its newest checkpoint.</summary>
    /// <param name="store">The ledger; reading it is enough.</param>
    /// <param name="previous">The checkpoint that this signer signed last, which the ledger must continue; null the first time.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The signed note with the ledger's signature and this one.</returns>
    /// <exception cref="AgentOpsException">LedgerTampered: it is not whole, or does not continue the previous checkpoint; nothing is signed.</exception>
    public async ValueTask<string> SignAsync(ILedgerStore store, string? previous, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        var options = previous is null ? new LedgerVerificationOptions() : new LedgerVerificationOptions { Anchor = previous, Cosigners = [VerifierKey] };
        var found = await store.VerifyAsync(options, cancellationToken).ConfigureAwait(false);
        if (!found.IsWhole)
        {
            throw new AgentOpsException(ErrorCodes.LedgerTampered, $"Nothing was signed. {found.Faults[0].Line}: {found.Faults[0].What}", store.Location);
        }

        var note = SignedNote.TryParse(found.Checkpoint)!;
        return $"{found.Checkpoint}\u2014 {_signer.Verifier.Name} {Convert.ToBase64String(_signer.Sign(Encoding.UTF8.GetBytes(note.Text)))}\n";
    }

    /// <inheritdoc/>
    public void Dispose() => _signer.Dispose();
}
