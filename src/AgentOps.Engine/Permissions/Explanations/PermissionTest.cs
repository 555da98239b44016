namespace AgentOps.Engine.Permissions;

/// <summary>The answer to "may this agent?".</summary>
/// <param name="Agent">The agent's name.</param>
/// <param name="Resource">What it would use.</param>
/// <param name="Decision">The decision; null when the arguments could not even be bound.</param>
/// <param name="BindingFault">Why the arguments could not be bound.</param>
/// <param name="Reach">How far the agent reaches with any arguments at all.</param>
public sealed record PermissionTest(string Agent, string Resource, Decision? Decision, string? BindingFault, ReachLevel Reach)
{
    /// <summary>The kinds of the tool's constraints, which a call has to meet besides; they are checked on what a session saw, so not here.</summary>
    public IReadOnlyList<string> Constraints { get; init; } = [];

    /// <summary>What the call would use besides: data, another agent; each was asked about as well.</summary>
    public IReadOnlyList<string> Touches { get; init; } = [];

    /// <summary>What stands in the way besides the rules: a suspension, or a host that does not give the isolation that is demanded; null for nothing.</summary>
    public string? Obstacle { get; init; }

    /// <summary>Whether the call would run.</summary>
    public bool IsAllowed => Obstacle is null && Decision is { IsAllowed: true };

    /// <summary>Why, in a sentence.</summary>
    public string Reason => Obstacle ?? (Decision is { } decision ? decision.Reason : $"The arguments can't be taken: {BindingFault}.");
}
