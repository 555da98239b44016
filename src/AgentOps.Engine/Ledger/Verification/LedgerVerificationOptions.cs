namespace AgentOps.Engine.Ledger;

/// <summary>How to verify.</summary>
public sealed record LedgerVerificationOptions
{
    /// <summary>The verifier key that was pinned when the ledger was created (or after any rotation): <c>name+keyid+base64</c>.</summary>
    public string? VerifierKey { get; init; }

    /// <summary>A checkpoint kept elsewhere, as a signed note; the ledger must be a continuation of it.</summary>
    public string? Anchor { get; init; }

    /// <summary>The verifier keys of second signers, each of which must have signed the anchor: <c>name+keyid+base64</c>.</summary>
    public IReadOnlyList<string> Cosigners { get; init; } = [];

    /// <summary>Checks the signature of every commit line, not of the newest alone, which covers all records. On by default.</summary>
    public bool EverySignature { get; init; } = true;

    /// <summary>Told how many records were checked, now and then.</summary>
    public IProgress<long>? Progress { get; init; }
}
