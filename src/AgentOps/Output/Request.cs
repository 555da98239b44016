using AgentOps.Engine.Approvals;

namespace AgentOps.Output;

/// <summary>A call that waits for persons, or waited for them.</summary>
public sealed record Request
{
    /// <summary>The id.</summary>
    public required string Id { get; init; }

    /// <summary><c>Pending</c>, <c>Approved</c>, <c>Denied</c>, <c>Expired</c>, <c>Consumed</c> or <c>Burned</c>.</summary>
    public required string State { get; init; }

    /// <summary>The agent that wants to act.</summary>
    public required string Agent { get; init; }

    /// <summary>What it wants to use.</summary>
    public required string Resource { get; init; }

    /// <summary>The arguments, as JSON.</summary>
    public required string Arguments { get; init; }

    /// <summary>For a question: the JSON Schema of its answer; null for an approval.</summary>
    public string? Form { get; init; }

    /// <summary>For whom it acts.</summary>
    public string? OnBehalfOf { get; init; }

    /// <summary>The account that runs the session.</summary>
    public required string RequestedBy { get; init; }

    /// <summary>The session whose runner will go on.</summary>
    public string? Session { get; init; }

    /// <summary>What the rules demand.</summary>
    public required IReadOnlyList<string> Need { get; init; }

    /// <summary>The answers so far.</summary>
    public required IReadOnlyList<string> Answer { get; init; }

    /// <summary>The text that a registered person signs to approve it, to the last line feed.</summary>
    public required string SigningText { get; init; }

    /// <summary>When it was asked, UTC.</summary>
    public required DateTimeOffset Requested { get; init; }

    /// <summary>After this it is denied, UTC.</summary>
    public required DateTimeOffset Expires { get; init; }

    /// <summary>The id, so that the object serves where one is asked for.</summary>
    public override string ToString() => Id;

    internal static Request From(ApprovalRequest request) => new()
    {
        Id = request.Id,
        State = request.StatusAt(DateTimeOffset.UtcNow).ToString(),
        Agent = request.Agent,
        Resource = request.Resource,
        Arguments = request.Arguments,
        Form = request.Form,
        OnBehalfOf = request.OnBehalfOf,
        RequestedBy = request.RequestedBy,
        Session = request.Session,
        Need = request.Needs.Select(need => FormattableString.Invariant($"{need.Rule}: {need.Quorum} of {need.From ?? "anyone"}{(need.NotRequester ? ", not the requester" : "")}")).ToArray(),
        Answer = request.Votes.Select(vote => $"{vote.Person} {(vote.IsApproval ? "approved" : "denied")}{(vote.Reason is null ? "" : ": " + vote.Reason)}").ToArray(),
        SigningText = request.SigningText,
        Requested = request.Requested,
        Expires = request.Binding.Expires,
    };
}
