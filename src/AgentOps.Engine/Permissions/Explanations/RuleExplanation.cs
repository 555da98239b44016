using System.Text.Json.Nodes;

namespace AgentOps.Engine.Permissions;

/// <summary>What became of one rule.</summary>
/// <param name="Rule">policy/id.</param>
/// <param name="Effect">Its effect.</param>
/// <param name="Place">Where it stands.</param>
/// <param name="State">Whether it matched.</param>
/// <param name="Clauses">Its clauses: scope, arguments, conditions.</param>
public sealed record RuleExplanation(string Rule, PolicyEffect Effect, string? Place, RuleState State, IReadOnlyList<ClauseExplanation> Clauses)
{
    /// <summary>For machines.</summary>
    public JsonObject ToJson() => new()
    {
        ["rule"] = Rule,
        ["effect"] = Effect.ToString(),
        ["place"] = Place,
        ["state"] = State.ToString(),
        ["clauses"] = new JsonArray([.. Clauses.Select(clause => clause.ToJson())]),
    };

    /// <inheritdoc/>
    public override string ToString() => string.Join('\n', [$"{Effect} {Rule} ({Place}): {State}", .. Clauses.Select(clause => $"  {clause}")]);
}
