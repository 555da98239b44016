using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Errors;

namespace AgentOps.Engine.Permissions;

/// <summary>
/// One rule. In a permit <see cref="Arguments"/> is closed: any other argument leaves it unmatched. In a forbid and a
/// require it is open, and a tested argument that is absent answers Deny.
/// </summary>
public sealed record PolicyRule
{
    /// <summary>The id, unique within its policy.</summary>
    public required string Id { get; init; }

    /// <summary>What it does when it matches.</summary>
    public required PolicyEffect Effect { get; init; }

    /// <summary>The resources that it speaks of; at least one.</summary>
    public required IReadOnlyList<ResourcePattern> Resources { get; init; }

    /// <summary>Whom it speaks of. A permit names its agents.</summary>
    public RuleSubjects Subjects { get; init; } = RuleSubjects.Everyone;

    /// <summary>Constraints by argument; null leaves arguments unconstrained, empty in a permit means a call without arguments.</summary>
    public IReadOnlyDictionary<string, ArgumentConstraint>? Arguments { get; init; }

    /// <summary>Conditions that must all hold.</summary>
    public IReadOnlyList<Condition> Conditions { get; init; } = [];

    /// <summary>What a require demands.</summary>
    public IReadOnlyList<Obligation> Obligations { get; init; } = [];

    /// <summary>When it is in force.</summary>
    public RuleValidity Validity { get; init; }

    /// <summary>Where it comes from.</summary>
    public RuleSource Source { get; init; } = RuleSource.None;

    /// <summary>policy/id, or the id alone for a single grant: how decisions name the rule.</summary>
    public string QualifiedId => Source.Policy is null ? Id : $"{Source.Policy}/{Id}";

    /// <summary>The canonical form, which events carry: decimals and times as text, no floats, keys in one order.</summary>
    public JsonObject ToJson() => PolicyRuleJson.Write(this, withSource: true);

    /// <summary>Reads the canonical form.</summary>
    /// <param name="json">What <see cref="ToJson"/> gave.</param>
    /// <exception cref="AgentOpsException"><see cref="ErrorCodes.InvalidConfiguration"/>.</exception>
    public static PolicyRule FromJson(JsonElement json) => PolicyRuleJson.Read(json);
}
