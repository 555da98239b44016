namespace AgentOps.Engine.Routing;

/// <summary>What a route does with a prompt, and why.</summary>
/// <param name="Route">The route's name.</param>
/// <param name="Objective">How the eligible were ranked.</param>
/// <param name="Selected">The first choice; null when every target was rejected.</param>
/// <param name="Candidates">Every target: the eligible in order of attempts, then the rejected.</param>
/// <param name="PromptTokens">The prompt's length, estimated.</param>
public sealed record RouteDecision(
    string Route,
    RouteObjective Objective,
    RouteTarget? Selected,
    IReadOnlyList<RouteCandidate> Candidates,
    long PromptTokens)
{
    /// <summary>The targets in order of attempts.</summary>
    public IEnumerable<RouteTarget> Attempts => Candidates.Where(candidate => candidate.Rank > 0).Select(candidate => candidate.Target);

    /// <summary>What the prompt is about; null where no target's quality depended on it, so that nobody looked.</summary>
    public DomainEstimate? Domains { get; init; }
}
