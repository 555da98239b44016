using System.Text.Json.Nodes;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Routing;
using AgentOps.Engine.Serialization;

namespace AgentOps.Engine.Invocation;

/// <summary>Whether a model call of a session may be made.</summary>
/// <param name="End">Why not; null when it may.</param>
/// <param name="Events">What belongs into the same append, whatever the answer: reservations of dead runners settled, and the call's own.</param>
/// <param name="IsReserved">Whether the call took from limits, which its outcome settles.</param>
/// <param name="Decision">What the rules said.</param>
internal sealed record ModelPermission(TurnEnd? End, IReadOnlyList<NewEvent> Events, bool IsReserved, Permissions.Decision Decision)
{
    /// <summary>The call's intent, as every <c>model.requested</c> record holds it.</summary>
    /// <param name="purpose">What the call is for beside the conversation; null for the conversation itself.</param>
    /// <param name="decision">Where it goes.</param>
    /// <param name="reserved">What it may cost at most, in USD.</param>
    public JsonObject ToRecord(string? purpose, RouteDecision decision, decimal reserved) => new JsonObject()
        .With("purpose", purpose)
        .With("route", decision.Route)
        .With("provider", decision.Selected?.Provider)
        .With("model", decision.Selected?.Model)
        .With("promptTokens", decision.PromptTokens)
        .WithQuality(decision)
        .With("rules", Decision.DecidingRules)
        .With("policy", Decision.PolicySetDigest)
        .With("reserved", (decimal?)reserved);

    /// <summary>It may not be made.</summary>
    public static ModelPermission Refused(TurnEnd end, params IReadOnlyList<NewEvent> events) => new(end, events, false, default);
}
