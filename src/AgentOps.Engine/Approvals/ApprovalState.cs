using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Permissions;

namespace AgentOps.Engine.Approvals;

/// <summary>
/// All requests for approval: a projection of the ledger, immutable. Each step gives an event to be added in the
/// ledger's critical section. Approving only records; the session's own runner consumes the approval and acts.
/// </summary>
public sealed class ApprovalState
{
    // Requests whose time ended so long before a new one is asked are forgotten; the ledger keeps them.
    private static readonly TimeSpan Memory = TimeSpan.FromDays(30);

    private readonly ImmutableDictionary<string, ApprovalRequest> _requests;

    private ApprovalState(ImmutableDictionary<string, ApprovalRequest> requests) => _requests = requests;

    /// <summary>No requests.</summary>
    public static ApprovalState Empty { get; } = new(ImmutableDictionary.Create<string, ApprovalRequest>(StringComparer.Ordinal));

    /// <summary>All requests.</summary>
    public IEnumerable<ApprovalRequest> Requests => _requests.Values;

    /// <summary>Finds a request; null when there is none.</summary>
    /// <param name="id">Its id.</param>
    public ApprovalRequest? Find(string id) => _requests.GetValueOrDefault(id);

    /// <summary>The newest request for this very call under this very set, whatever became of it; null when none was asked.</summary>
    /// <param name="call">The call as it is now.</param>
    /// <param name="policySetDigest">The set in force now.</param>
    /// <param name="isQuestion">Whether a question is looked for, not an approval.</param>
    public ApprovalRequest? FindFor(AuthorizationRequest call, string policySetDigest, bool isQuestion = false)
    {
        ApprovalRequest? newest = null;
        foreach (var request in _requests.Values)
        {
            // What is cheap to compare is compared before anything is hashed.
            if (request.Form is not null == isQuestion
                && string.Equals(request.Session, call.Session, StringComparison.Ordinal)
                && string.Equals(request.Agent, call.Agent, StringComparison.OrdinalIgnoreCase)
                && string.Equals(request.Resource, call.Resource, StringComparison.OrdinalIgnoreCase)
                && (newest is null || request.Requested >= newest.Requested)
                && request.Binding.Holds(call, policySetDigest))
            {
                newest = request;
            }
        }

        return newest;
    }

    /// <summary>The event that asks persons, for a decision that came out as Pending.</summary>
    /// <param name="id">The new request's id.</param>
    /// <param name="request">The call.</param>
    /// <param name="decision">The decision.</param>
    /// <param name="requestedBy">The account that runs the session.</param>
    /// <param name="now">The transaction's time.</param>
    public static NewEvent Open(string id, AuthorizationRequest request, in Permissions.Decision decision, string requestedBy, DateTimeOffset now)
    {
        ApprovalObligation[] obligations = [.. decision.Obligations.OfType<ApprovalObligation>()];
        if (decision.Outcome != DecisionOutcome.Pending || obligations.Length == 0)
        {
            throw new ArgumentException("Only a decision that waits for persons can be asked about.", nameof(decision));
        }

        return ApprovalEvents.MakeRequested(new ApprovalRequest
        {
            Id = id,
            Session = request.Session,
            Agent = request.Agent,
            OnBehalfOf = request.OnBehalfOf,
            RequestedBy = requestedBy,
            Resource = request.Resource,
            Arguments = request.Arguments.ToJson().ToJsonString(),
            Binding = ApprovalBinding.Create(request, decision.PolicySetDigest, now + obligations.Min(obligation => obligation.Timeout)),
            Needs = [.. obligations.Select(Need).Distinct()],
            Requested = now,
        });
    }

    /// <summary>The event that records a person's answer.</summary>
    /// <param name="id">The request.</param>
    /// <param name="person">The person as the store or system knows it, never as a caller says.</param>
    /// <param name="approves">Approved, or denied.</param>
    /// <param name="reason">The person's words.</param>
    /// <param name="groups">Knows who is in which group.</param>
    /// <param name="now">The transaction's time.</param>
    /// <param name="voted">The event to add.</param>
    /// <param name="refusal">Why the answer is not taken.</param>
    /// <param name="answer">For a question: the payload with the answer.</param>
    /// <param name="persons">Knows whose key is whose.</param>
    /// <param name="signature">For a registered person: the signature, DER.</param>
    public bool TryVote(
        string id, string person, bool approves, string? reason, GroupDirectory groups, DateTimeOffset now,
        [NotNullWhen(true)] out NewEvent? voted, [NotNullWhen(false)] out string? refusal, string? answer = null, PersonRegistry? persons = null, byte[]? signature = null)
    {
        persons ??= PersonRegistry.Empty;
        voted = null;
        if (Find(id) is not { } request)
        {
            refusal = $"There is no request '{id}'.";
            return false;
        }

        string[] counts = [.. request.Needs.Where(need => request.Counts(need, person, groups, persons)).Select(need => need.Rule).Distinct()];
        refusal = request.StatusAt(now) is var status and not ApprovalStatus.Pending ? $"The request is {Word(status)} and takes no more answers."
            : request.Votes.Any(vote => persons.IsSame(vote.Person, person)) ? "This person has answered already."
            : counts.Length == 0 ? "This person does not count for the request: the requester, or not of the group that the rule names."
            : null;
        var given = new ApprovalVote(person, approves, counts, reason, now)
        {
            Answer = answer,
            Key = signature is null ? null : persons.Find(person)?.KeyId,
            Signature = signature is null ? null : Convert.ToBase64String(signature),
        };
        refusal ??= given.Holds(request, persons) ? null : "The signature is not that of a registered person over this request and answer.";
        if (refusal is not null)
        {
            return false;
        }

        voted = ApprovalEvents.MakeVoted(id, given);
        return true;
    }

    /// <summary>
    /// Uses an approval for the call that is about to be made, once. The call is checked against what was approved; any
    /// difference burns the approval. Add the event, burned or consumed, to the same transaction as the intent.
    /// </summary>
    /// <param name="id">The request.</param>
    /// <param name="call">The call as it is now.</param>
    /// <param name="policySetDigest">The set in force now.</param>
    /// <param name="now">The transaction's time.</param>
    /// <param name="change">The event to add, where there is one.</param>
    /// <param name="receipt">The proof, for <see cref="AuthorizationRequest.Approval"/>.</param>
    /// <param name="refusal">Why not: one sentence, safe to give to the model.</param>
    /// <param name="persons">Knows whose key is whose; every signature is verified again.</param>
    public bool TryConsume(
        string id, AuthorizationRequest call, string policySetDigest, DateTimeOffset now,
        out NewEvent? change, [NotNullWhen(true)] out ApprovalReceipt? receipt, [NotNullWhen(false)] out string? refusal, PersonRegistry? persons = null)
    {
        change = null;
        receipt = null;
        if (Find(id) is not { } request)
        {
            refusal = "There is no such request for approval.";
            return false;
        }

        var status = request.StatusAt(now);
        if (status != ApprovalStatus.Approved)
        {
            refusal = $"The request for approval is {Word(status)}.";
            return false;
        }

        if (!request.Binding.Holds(call, policySetDigest))
        {
            refusal = "What was approved is not what would be done now: the call or the rules have changed.";
            change = ApprovalEvents.MakeBurned(id, refusal);
            return false;
        }

        if (request.Lapsed(persons ?? PersonRegistry.Empty) is { } lapsed)
        {
            refusal = $"The approval no longer holds: {lapsed}.";
            change = ApprovalEvents.MakeBurned(id, refusal);
            return false;
        }

        refusal = null;
        receipt = new ApprovalReceipt(request);
        change = ApprovalEvents.MakeConsumed(id);
        return true;
    }

    /// <summary>The state after a record; the same state for records of other kinds.</summary>
    /// <param name="record">The record.</param>
    /// <param name="persons">Knows whose key is whose, at that record.</param>
    public ApprovalState Apply(LedgerRecord record, PersonRegistry persons) => Apply(record.Type, record.Data, persons);

    /// <summary>The state after an event.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="data">Its data.</param>
    /// <param name="persons">Knows whose key is whose; an answer that is not signed as it must be counts for nothing.</param>
    public ApprovalState Apply(string type, JsonElement data, PersonRegistry? persons = null)
    {
        switch (type)
        {
            case ApprovalEvents.Requested:
                var request = ApprovalEvents.Read(data);
                var forgotten = _requests.Values.Where(one => one.Binding.Expires + Memory < request.Requested).Select(one => one.Id);
                return new ApprovalState(_requests.RemoveRange(forgotten).SetItem(request.Id, request));
            case ApprovalEvents.Voted:
                return With(data, one => ApprovalEvents.ReadVote(data) is var vote && vote.Holds(one, persons ?? PersonRegistry.Empty) ? WithVote(one, vote) : one);
            case ApprovalEvents.Consumed:
                return With(data, one => one with { Recorded = ApprovalStatus.Consumed });
            case ApprovalEvents.Burned:
                return With(data, one => one with { Recorded = ApprovalStatus.Burned });
            default:
                return this;
        }
    }

    /// <summary>The state after a session was stopped: nothing of it can take effect any more, so that nobody needs to answer for it.</summary>
    /// <param name="session">Its id.</param>
    public ApprovalState Stopped(string session) => new(_requests.SetItems(_requests
        .Where(pair => pair.Value.Session == session && pair.Value.Recorded is (ApprovalStatus.Pending or ApprovalStatus.Approved))
        .Select(pair => KeyValuePair.Create(pair.Key, pair.Value with { Recorded = ApprovalStatus.Burned }))));

    /// <summary>For snapshots.</summary>
    public JsonObject ToJson() => new()
    {
        ["requests"] = new JsonArray([.. _requests.Values.OrderBy(request => request.Id, StringComparer.Ordinal).Select(request =>
        {
            var json = ApprovalEvents.Write(request);
            json["votes"] = new JsonArray([.. request.Votes.Select(vote => ApprovalEvents.WriteVote(vote, null))]);
            json["status"] = request.Recorded.ToString();
            return json;
        })]),
    };

    /// <summary>From a snapshot.</summary>
    /// <param name="json">What <see cref="ToJson"/> gave.</param>
    public static ApprovalState FromJson(JsonElement json) => new(json.GetProperty("requests").EnumerateArray()
        .Select(element => ApprovalEvents.Read(element) with
        {
            Votes = [.. element.GetProperty("votes").EnumerateArray().Select(ApprovalEvents.ReadVote)],
            Recorded = Enum.Parse<ApprovalStatus>(element.GetProperty("status").GetString()!),
        })
        .ToImmutableDictionary(request => request.Id, StringComparer.Ordinal));

    internal static ApprovalNeed Need(ApprovalObligation obligation) => new(obligation.RuleId ?? "", obligation.Quorum, obligation.From, obligation.NotRequester);

    private static ApprovalRequest WithVote(ApprovalRequest request, ApprovalVote vote)
    {
        if (request.Recorded != ApprovalStatus.Pending)
        {
            return request;
        }

        var next = request with { Votes = [.. request.Votes, vote] };
        return next with { Recorded = !vote.IsApproval ? ApprovalStatus.Denied : next.IsQuorate ? ApprovalStatus.Approved : ApprovalStatus.Pending };
    }

    private static string Word(ApprovalStatus status) => status switch
    {
        ApprovalStatus.Pending => "still pending",
        ApprovalStatus.Approved => "approved",
        ApprovalStatus.Denied => "denied",
        ApprovalStatus.Expired => "past its time",
        ApprovalStatus.Consumed => "used already",
        _ => "void, for the call or the rules have changed",
    };

    private ApprovalState With(JsonElement data, Func<ApprovalRequest, ApprovalRequest> change)
    {
        var id = data.GetProperty("id").GetString()!;
        return _requests.TryGetValue(id, out var request) ? new ApprovalState(_requests.SetItem(id, change(request))) : this;
    }
}
