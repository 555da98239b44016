using System.Text.Json.Nodes;

namespace AgentOps.Engine.Permissions;

/// <summary>The answer to a request, with what decided it. The default is Deny.</summary>
public readonly struct Decision
{
    private readonly PolicySet? _set;
    private readonly AuthorizationRequest? _request;
    private readonly Verdict? _verdict;

    internal Decision(PolicySet set, AuthorizationRequest request, Verdict verdict)
    {
        _set = set;
        _request = request;
        _verdict = verdict;
    }

    /// <summary>The answer.</summary>
    public DecisionOutcome Outcome => (_verdict ?? Verdict.NoPolicy).Outcome;

    /// <summary>Whether the call may go ahead, its obligations kept.</summary>
    public bool IsAllowed => Outcome == DecisionOutcome.Allow;

    /// <summary>The rules that decided, as policy/id. An Allow names one permit, however many match, and every require.</summary>
    public IReadOnlyList<string> DecidingRules => (_verdict ?? Verdict.NoPolicy).DecidingRules;

    /// <summary>What the matching requires demand; each names its rule.</summary>
    public IReadOnlyList<Obligation> Obligations => (_verdict ?? Verdict.NoPolicy).Obligations;

    /// <summary>The digest of the set that decided.</summary>
    public string PolicySetDigest => (_set ?? PolicySet.Empty).Digest;

    /// <summary>One sentence for a person, safe to give to the model: no bound, no list of values, no fact.</summary>
    public string Reason => (_verdict ?? Verdict.NoPolicy).Reason;

    /// <summary>For a refusal: what was missing or wrong, item by item, as safe as <see cref="Reason"/>.</summary>
    public IReadOnlyList<string> Missing => (_verdict ?? Verdict.NoPolicy).Missing;

    /// <summary>Every rule that was looked at and what became of each of its clauses. For the administrator, not for the model.</summary>
    public Explanation Explain() => _request is null ? Explanation.Nothing : _set!.Explain(_request, this);

    /// <summary>For events: outcome, rules, policy set, reason, missing.</summary>
    public JsonObject ToJson() => new()
    {
        ["outcome"] = Outcome switch { DecisionOutcome.Allow => "allow", DecisionOutcome.Pending => "pending", _ => "deny" },
        ["rules"] = new JsonArray([.. DecidingRules.Select(rule => JsonValue.Create(rule))]),
        ["policySet"] = PolicySetDigest,
        ["reason"] = Reason,
        ["missing"] = new JsonArray([.. Missing.Select(item => JsonValue.Create(item))]),
    };
}
