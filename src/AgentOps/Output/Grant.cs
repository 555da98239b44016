using AgentOps.Engine.Workspaces;

namespace AgentOps.Output;

/// <summary>A rule in force.</summary>
public sealed record Grant
{
    /// <summary>The id that decisions name: <c>policy/rule</c>, or the id alone for a single grant.</summary>
    public required string Id { get; init; }

    /// <summary><c>Permit</c>, <c>Forbid</c> or <c>Require</c>.</summary>
    public required string Effect { get; init; }

    /// <summary>The agents that it speaks of; empty for every agent.</summary>
    public required IReadOnlyList<string> Agent { get; init; }

    /// <summary>Those on whose behalf the agent must act; empty for anyone.</summary>
    public required IReadOnlyList<string> OnBehalfOf { get; init; }

    /// <summary>The resources that it speaks of.</summary>
    public required IReadOnlyList<string> Resource { get; init; }

    /// <summary>The whole rule in the policy language, as JSON.</summary>
    public required string Rule { get; init; }

    /// <summary>When it comes into force, UTC; null for at once.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>When it goes out of force, UTC; null for never.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>When it was granted, UTC.</summary>
    public required DateTimeOffset Granted { get; init; }

    /// <summary>Who granted it.</summary>
    public required string GrantedBy { get; init; }

    /// <summary>The ledger sequence of the grant.</summary>
    public required long Sequence { get; init; }

    /// <summary>The id, so that the object serves where one is asked for.</summary>
    public override string ToString() => Id;

    internal static Grant From(GrantState state) => new()
    {
        Id = state.Rule.QualifiedId,
        Effect = state.Rule.Effect.ToString(),
        Agent = state.Rule.Subjects.Agents,
        OnBehalfOf = state.Rule.Subjects.OnBehalfOf,
        Resource = state.Rule.Resources.Select(resource => resource.ToString()).ToArray(),
        Rule = state.Rule.ToJson().ToJsonString(),
        NotBefore = state.Rule.Validity.NotBefore,
        Expires = state.Rule.Validity.NotAfter,
        Granted = state.Granted,
        GrantedBy = state.GrantedBy,
        Sequence = state.Sequence,
    };
}
