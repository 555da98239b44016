using AgentOps.Engine.Configuration;

namespace AgentOps.Engine.Permissions;

/// <summary>What one call takes from one limit.</summary>
/// <param name="Key">The limit and whose use it adds up. Made by the engine from rule, agent, person and policy, never from what a caller may choose anew.</param>
/// <param name="Amount">How much; not negative.</param>
/// <param name="Max">The bound, included.</param>
/// <param name="Window">The sliding window; null for ever.</param>
/// <param name="Label">The rule or budget, for messages.</param>
/// <param name="IsCost">Whether it is money for models, of which the true amount is known only afterwards.</param>
public sealed record LimitDemand(string Key, decimal Amount, decimal Max, TimeSpan? Window, string Label, bool IsCost = false)
{
    /// <summary>What a request takes from the limits among its obligations.</summary>
    /// <param name="obligations">The obligations of its decision.</param>
    /// <param name="request">The request.</param>
    public static IReadOnlyList<LimitDemand> Of(IEnumerable<Obligation> obligations, AuthorizationRequest request)
    {
        // One rule may hold several limits of one measure with windows of their own; equal ones count once.
        var demands = new List<LimitDemand>();
        foreach (var limit in obligations.OfType<LimitObligation>())
        {
            var amount = limit.Measure switch
            {
                LimitMeasure.Calls => 1m,
                LimitMeasure.Cost => request.EstimatedCost,
                _ => request.Arguments[limit.Argument!].AsDecimal() ?? 0,
            };
            var demand = new LimitDemand(KeyOf(limit, request), amount, limit.Max, limit.Window, limit.RuleId ?? "", limit.Measure == LimitMeasure.Cost);
            if (!demands.Contains(demand))
            {
                demands.Add(demand);
            }
        }

        return demands;
    }

    private static string KeyOf(LimitObligation limit, AuthorizationRequest request)
    {
        var measure = limit.Measure switch
        {
            LimitMeasure.Calls => "calls",
            LimitMeasure.Cost => "cost",
            _ => PolicyWords.ArgumentPrefix + limit.Argument!.ToLowerInvariant(),
        };
        var who = limit.Key switch
        {
            LimitKey.Agent => "agent:" + (limit.Agent ?? request.Agent).ToLowerInvariant(),
            LimitKey.OnBehalfOf => "person:" + request.OnBehalfOf?.ToLowerInvariant(),
            _ => "policy:" + (limit.Policy ?? limit.RuleId),
        };
        var window = limit.Window is { } span ? YamlNumbers.Spell((decimal)span.Ticks) : "ever";
        return $"rule:{limit.RuleId}|{measure}|{window}|{who}";
    }
}
