namespace AgentOps.Engine.Permissions;

/// <summary>Whom a rule speaks of.</summary>
/// <param name="Agents">Agents and <c>group:NAME</c>; in forbid and require also wildcards. Empty: every agent (not in a permit).</param>
/// <param name="OnBehalfOf">Persons and <c>group:NAME</c>, <c>os:NAME</c>, <c>database:NAME</c>. Empty: anyone and no one.</param>
public sealed record RuleSubjects(IReadOnlyList<string> Agents, IReadOnlyList<string> OnBehalfOf)
{
    /// <summary>Every agent, for anyone.</summary>
    public static RuleSubjects Everyone { get; } = new([], []);

    /// <summary>One agent, for anyone.</summary>
    /// <param name="agent">The agent's name.</param>
    public static RuleSubjects Agent(string agent) => new([agent], []);
}
