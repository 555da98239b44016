using AgentOps.Engine.Permissions;

namespace AgentOps.Engine.Approvals;

/// <summary>A call that waits for persons.</summary>
public sealed record ApprovalRequest
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>The session whose runner will go on.</summary>
    public string? Session { get; init; }

    /// <summary>The agent that wants to act.</summary>
    public required string Agent { get; init; }

    /// <summary>For whom it acts.</summary>
    public string? OnBehalfOf { get; init; }

    /// <summary>The account that runs the session; with <see cref="OnBehalfOf"/> it is the requester.</summary>
    public required string RequestedBy { get; init; }

    /// <summary>What it wants to use.</summary>
    public required string Resource { get; init; }

    /// <summary>The arguments as JSON text, for the person to read.</summary>
    public required string Arguments { get; init; }

    /// <summary>What exactly is approved.</summary>
    public required ApprovalBinding Binding { get; init; }

    /// <summary>What the rules demand; all of it.</summary>
    public required IReadOnlyList<ApprovalNeed> Needs { get; init; }

    /// <summary>For a question: the JSON Schema of its answer, an object; null for an approval.</summary>
    public string? Form { get; init; }

    /// <summary>For a question that was answered: the payload with the answer.</summary>
    public string? Answer => Votes.FirstOrDefault(vote => vote.IsApproval)?.Answer;

    /// <summary>When it was asked.</summary>
    public required DateTimeOffset Requested { get; init; }

    /// <summary>The answers so far.</summary>
    public IReadOnlyList<ApprovalVote> Votes { get; init; } = [];

    /// <summary>How it ended, as far as events tell; time may have ended it since: <see cref="StatusAt"/>.</summary>
    public ApprovalStatus Recorded { get; init; }

    /// <summary>Where it stands at a moment.</summary>
    /// <param name="now">The moment, by the ledger's clock.</param>
    public ApprovalStatus StatusAt(DateTimeOffset now) =>
        Recorded is ApprovalStatus.Pending or ApprovalStatus.Approved && now >= Binding.Expires ? ApprovalStatus.Expired : Recorded;

    /// <summary>Whether a person counts towards a need.</summary>
    /// <param name="need">The need.</param>
    /// <param name="person">The person.</param>
    /// <param name="groups">Knows who is in which group.</param>
    public bool Counts(ApprovalNeed need, string person, GroupDirectory groups) =>
        !(need.NotRequester && IsRequester(person)) && (need.From is null || groups.IsMember(need.From, person) == true);

    /// <summary>Whether every quorum is reached, each of distinct persons.</summary>
    internal bool IsQuorate => Needs.All(need =>
        Votes.Where(vote => vote.IsApproval && vote.Counts.Contains(need.Rule)).Select(vote => vote.Person).Distinct(StringComparer.OrdinalIgnoreCase).Count() >= need.Quorum);

    private bool IsRequester(string person) => PersonName.IsSame(person, RequestedBy) || (OnBehalfOf is not null && PersonName.IsSame(person, OnBehalfOf));
}
