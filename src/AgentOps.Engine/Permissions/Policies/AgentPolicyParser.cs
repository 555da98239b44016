using AgentOps.Engine.Configuration;

namespace AgentOps.Engine.Permissions;

/// <summary>Reads documents of kind <c>AgentPolicy</c> into <see cref="AgentPolicy"/>.</summary>
public sealed class AgentPolicyParser : IYamlKindParser
{
    /// <inheritdoc/>
    public string Kind => "AgentPolicy";

    /// <inheritdoc/>
    public object Parse(string name, YamlMap document)
    {
        var subjects = PolicyRuleParser.ParseSubjects(document);
        var validity = PolicyRuleParser.ParseValidity(document);
        var rules = new List<PolicyRule>();
        var ids = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var map in document.GetMaps("rules"))
        {
            if (PolicyRuleParser.Parse(map, subjects, validity, name) is not { } rule)
            {
                continue;
            }

            if (!ids.Add(rule.Id))
            {
                map.Get("id")!.Error($"the id '{rule.Id}' is used twice in this policy");
            }

            if (rule.Effect == PolicyEffect.Permit && subjects.Agents.Count == 0)
            {
                map.Error("a permit needs to say for whom: give the policy 'subjects: {agents: [...]}'");
            }

            rules.Add(rule);
        }

        if (!document.Has("rules"))
        {
            document.Error("'rules' is missing");
        }

        return new AgentPolicy(name, rules);
    }
}
