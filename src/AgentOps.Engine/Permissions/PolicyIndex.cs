namespace AgentOps.Engine.Permissions;

/// <summary>Finds the rules that speak of a resource.</summary>
internal sealed class PolicyIndex(IReadOnlyList<CompiledRule> rules)
{
    /// <summary>The rules whose resources match, forbids first, each kind in the order of ids.</summary>
    public IEnumerable<CompiledRule> Candidates(ResourceKind kind, string name)
    {
        foreach (var rule in rules)
        {
            if (rule.Rule.Resources.Any(resource => resource.Matches(kind, name, rule.Rule.Effect == PolicyEffect.Permit)))
            {
                yield return rule;
            }
        }
    }
}
