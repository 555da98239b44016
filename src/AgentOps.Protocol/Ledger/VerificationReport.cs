using System.Text.Json.Serialization;

namespace AgentOps.Protocol.Ledger;

/// <summary>What the verification of a ledger found.</summary>
/// <param name="Whole">Tells whether nothing is wrong.</param>
/// <param name="Size">How many records were checked and hold.</param>
/// <param name="Root">The RFC 6962 root over them, base64.</param>
/// <param name="Origin">The name of the ledger.</param>
/// <param name="VerifierKey">The key that signs it now, to be pinned.</param>
/// <param name="Pinned">Tells whether the signatures were checked against a key given from outside.</param>
/// <param name="Anchored">Tells whether the ledger was shown to continue an anchor given.</param>
/// <param name="Commits">How many commit lines were checked.</param>
/// <param name="From">The time of the first record.</param>
/// <param name="To">The time of the newest record.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Faults">What is wrong.</param>
public sealed record VerificationReport(
    bool Whole,
    long Size,
    string Root,
    string Origin,
    string VerifierKey,
    bool Pinned,
    bool Anchored,
    long Commits,
    DateTimeOffset? From,
    DateTimeOffset? To,
    double Seconds,
    IReadOnlyList<VerificationFault> Faults)
{
    /// <summary>Always <c>verification</c>.</summary>
    [JsonPropertyOrder(-1)]
    public string Type { get; init; } = "verification";
}
