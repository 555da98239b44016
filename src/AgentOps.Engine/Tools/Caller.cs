namespace AgentOps.Engine.Tools;

/// <summary>Who calls a tool: what an executor needs to act, or to say who it is, in the session's name.</summary>
/// <param name="OnBehalfOf">Whom the agent acts for.</param>
/// <param name="Delegators">The agents that delegated to it, the first one first.</param>
/// <param name="Call">The call's id within the session.</param>
/// <param name="PlanOnly">Whether only a plan was asked for.</param>
/// <param name="MaxCost">What the session may still spend on models, in USD; null for no bound.</param>
public sealed record Caller(string OnBehalfOf, IReadOnlyList<string> Delegators, string Call, bool PlanOnly, decimal? MaxCost)
{
    /// <summary>For an Ask tool: the payload with the person's answer.</summary>
    public string? Answer { get; init; }

    /// <summary>The id of the call of the session that this one undoes; null for a call of the model's.</summary>
    public string? Compensates { get; init; }
}
