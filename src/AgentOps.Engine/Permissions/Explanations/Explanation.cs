using System.Text.Json.Nodes;

namespace AgentOps.Engine.Permissions;

/// <summary>Why a decision came out as it did, rule by rule.</summary>
/// <param name="Outcome">The answer.</param>
/// <param name="Reason">The decision's sentence.</param>
/// <param name="Rules">The rules that speak of the resource, forbids first.</param>
public sealed record Explanation(DecisionOutcome Outcome, string Reason, IReadOnlyList<RuleExplanation> Rules)
{
    internal static Explanation Nothing { get; } = new(DecisionOutcome.Deny, Verdict.NoPolicy.Reason, []);

    /// <summary>For machines.</summary>
    public JsonObject ToJson() => new()
    {
        ["outcome"] = Outcome.ToString(),
        ["reason"] = Reason,
        ["rules"] = new JsonArray([.. Rules.Select(rule => rule.ToJson())]),
    };

    /// <summary>For people: one line a rule, one line a clause.</summary>
    public override string ToString() => string.Join('\n', [Reason, .. Rules.Select(rule => rule.ToString())]);
}
