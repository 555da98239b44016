using System.Text;
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
    /// <param name="persons">Knows whose key is whose.</param>
    public bool Counts(ApprovalNeed need, string person, GroupDirectory groups, PersonRegistry persons) =>
        !(need.NotRequester && IsRequester(person, persons)) && (need.From is null || persons.NamesOf(person).Any(name => groups.IsMember(need.From, name) == true));

    /// <summary>The text that a registered key signs to approve it, to the last line feed.</summary>
    public string SigningText => Encoding.UTF8.GetString(VoteText.Of(this, approves: true, answer: null));

    /// <summary>Why it no longer stands as approved, although enough persons said so; null while it does. Keys may have been taken away, or turned out to be of one person.</summary>
    internal string? Lapsed(PersonRegistry persons)
    {
        var approving = Votes.Where(vote => vote.IsApproval).ToArray();
        if (approving.FirstOrDefault(vote => !vote.Holds(this, persons)) is { } gone)
        {
            return $"the key of '{gone.Person}', who approved, is no longer registered";
        }

        foreach (var need in Needs)
        {
            var distinct = new List<string>();
            foreach (var vote in approving.Where(vote => vote.Counts.Contains(need.Rule) && !(need.NotRequester && IsRequester(vote.Person, persons))))
            {
                if (!distinct.Any(person => persons.IsSame(person, vote.Person)))
                {
                    distinct.Add(vote.Person);
                }
            }

            if (distinct.Count < need.Quorum)
            {
                return "those who approved are fewer persons than the rule asks for";
            }
        }

        return null;
    }

    /// <summary>Whether every quorum is reached, each of distinct persons.</summary>
    internal bool IsQuorate => Needs.All(need =>
        Votes.Where(vote => vote.IsApproval && vote.Counts.Contains(need.Rule)).Select(vote => vote.Person).Distinct(StringComparer.OrdinalIgnoreCase).Count() >= need.Quorum);

    private bool IsRequester(string person, PersonRegistry persons) => persons.IsSame(person, RequestedBy) || (OnBehalfOf is not null && persons.IsSame(person, OnBehalfOf));
}
