using AgentOps.Engine.Configuration;

namespace AgentOps.Engine.Permissions;

/// <summary>Reads documents of kind <c>Permission</c>, one rule each, into <see cref="PolicyRule"/>: what <c>Grant-AgentOpsPermission</c> makes. The document's name is the rule's id.</summary>
public sealed class PermissionParser : IYamlKindParser
{
    /// <inheritdoc/>
    public string Kind => "Permission";

    /// <inheritdoc/>
    public object Parse(string name, YamlMap document)
    {
        var subjects = PolicyRuleParser.ParseSubjects(document);
        var rule = PolicyRuleParser.Parse(document, name, subjects, PolicyRuleParser.ParseValidity(document), policy: null);
        if (rule is { Effect: PolicyEffect.Permit } && subjects.Agents.Count == 0)
        {
            document.Error("a permit needs to say for whom: 'subjects: {agents: [...]}'");
        }

        return rule ?? new PolicyRule { Id = name, Effect = PolicyEffect.Forbid, Resources = [] };
    }
}
