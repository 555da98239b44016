namespace AgentOps.Engine.Ledger;

/// <summary>What a verification found.</summary>
/// <param name="IsWhole">Tells whether nothing is wrong.</param>
/// <param name="Size">How many records were checked and hold.</param>
/// <param name="Root">The RFC 6962 root over them, base64.</param>
/// <param name="Faults">What is wrong, in the order of the log.</param>
/// <param name="Origin">The name of the ledger, or an empty string where it has no record.</param>
/// <param name="VerifierKey">The key that signed the newest commit line, as text to be pinned; or an empty string.</param>
/// <param name="IsPinned">Tells whether the signatures were checked against a key that was given from outside; without one, a ledger rewritten with another key can't be told from the true one.</param>
/// <param name="IsAnchored">Tells whether an anchor was given, the ledger continues it, and every second signer asked for had signed it; without one, a ledger replaced by an older copy of itself can't be told.</param>
/// <param name="Commits">How many commit lines were checked.</param>
/// <param name="From">The time of the first record.</param>
/// <param name="To">The time of the newest record.</param>
public sealed record LedgerVerification(
    bool IsWhole,
    long Size,
    string Root,
    IReadOnlyList<LedgerFault> Faults,
    string Origin,
    string VerifierKey,
    bool IsPinned,
    bool IsAnchored,
    long Commits,
    DateTimeOffset? From,
    DateTimeOffset? To)
{
    /// <summary>The newest commit line that was checked, as a signed note; or an empty string.</summary>
    public string Checkpoint { get; init; } = "";
}
