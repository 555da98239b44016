using AgentOps.Engine.Ledger;

namespace AgentOps.Output;

/// <summary>What a verification of a ledger found.</summary>
public sealed record LedgerReport
{
    /// <summary>Whether nothing is wrong.</summary>
    public required bool IsWhole { get; init; }

    /// <summary>How many records were checked and hold.</summary>
    public required long Records { get; init; }

    /// <summary>How many signed commits were checked.</summary>
    public required long Commits { get; init; }

    /// <summary>The RFC 6962 root over the records, base64.</summary>
    public required string Root { get; init; }

    /// <summary>The ledger's name.</summary>
    public required string Origin { get; init; }

    /// <summary>The key that signed the newest commit, to be pinned elsewhere.</summary>
    public required string VerifierKey { get; init; }

    /// <summary>Whether signatures were checked against a key given from outside.</summary>
    public required bool IsPinned { get; init; }

    /// <summary>Whether an anchor was given and the ledger continues it.</summary>
    public required bool IsAnchored { get; init; }

    /// <summary>What is wrong and where, in the order of the log.</summary>
    public required IReadOnlyList<string> Fault { get; init; }

    /// <summary>The time of the first record, UTC.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>The time of the newest record, UTC.</summary>
    public DateTimeOffset? To { get; init; }

    internal static LedgerReport FromVerification(LedgerVerification verification) => new()
    {
        IsWhole = verification.IsWhole,
        Records = verification.Size,
        Commits = verification.Commits,
        Root = verification.Root,
        Origin = verification.Origin,
        VerifierKey = verification.VerifierKey,
        IsPinned = verification.IsPinned,
        IsAnchored = verification.IsAnchored,
        Fault = verification.Faults.Select(fault => $"{fault.Line}: {fault.What}").ToArray(),
        From = verification.From,
        To = verification.To,
    };
}
