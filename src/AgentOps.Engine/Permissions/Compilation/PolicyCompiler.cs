using AgentOps.Engine.Configuration;
using AgentOps.Engine.Errors;

namespace AgentOps.Engine.Permissions;

/// <summary>Checks a set of rules as a whole and makes each ready. One error refuses the set, with all errors named.</summary>
internal sealed class PolicyCompiler(PolicyContext context)
{
    private static readonly string[] ExternalPrefixes = ["os:", "database:"];

    private readonly List<string> _errors = [];
    private readonly PatternCache _patterns = new();
    private readonly Dictionary<string, PolicyGroup> _groups = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The rules, each once, forbids first, then requires, then permits, each in the order of their ids.</summary>
    public IReadOnlyList<CompiledRule> Compile(IReadOnlyList<PolicyRule> rules)
    {
        foreach (var group in context.Groups)
        {
            if (!_groups.TryAdd(group.Name, group))
            {
                _errors.Add($"The group '{group.Name}' is defined twice.");
            }
        }

        var byId = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var compiled = new List<CompiledRule>();
        foreach (var rule in rules)
        {
            var canonical = PolicyRuleJson.Write(rule, withSource: false).ToJsonString();
            if (!byId.TryAdd(rule.QualifiedId, canonical))
            {
                if (byId[rule.QualifiedId] != canonical)
                {
                    Error(rule, "another rule has the same id");
                }

                continue;
            }

            if (Compile(rule, canonical) is { } one)
            {
                compiled.Add(one);
            }
        }

        if (_errors.Count > 0)
        {
            throw new AgentOpsException(ErrorCodes.InvalidPolicy, string.Join('\n', _errors));
        }

        return [.. compiled.OrderBy(rule => Rank(rule.Rule.Effect)).ThenBy(rule => rule.Id, StringComparer.Ordinal)];
    }

    private static int Rank(PolicyEffect effect) => effect switch { PolicyEffect.Forbid => 0, PolicyEffect.Require => 1, _ => 2 };

    private CompiledRule? Compile(PolicyRule rule, string canonical)
    {
        var before = _errors.Count;
        CheckResources(rule);
        var subjects = CompileSubjects(rule);
        CompiledArgument[]? arguments = null;
        ConditionMatcher[] conditions = [];
        try
        {
            arguments = rule.Arguments?
                .OrderBy(pair => pair.Key, StringComparer.OrdinalIgnoreCase)
                .Select(pair => new CompiledArgument(pair.Key, pair.Value.IsOptional, ArgumentMatcher.Create(pair.Value, rule.Effect == PolicyEffect.Permit, context, _patterns)))
                .ToArray();
            conditions = [.. rule.Conditions.Select(CompileCondition)];
        }
        catch (ArgumentException exception)
        {
            Error(rule, exception.Message.Split(" (Parameter", 2)[0]);
        }

        CheckObligations(rule);
        CheckTools(rule);
        return _errors.Count == before ? new CompiledRule(rule, canonical, subjects, arguments, conditions) : null;
    }

    private ConditionMatcher CompileCondition(Condition condition) => condition switch
    {
        FactCondition fact => new ConditionMatcher.FactMatcher(fact, context.Facts),
        HistoryCondition history => new ConditionMatcher.HistoryMatcher(history),
        _ => throw new ArgumentOutOfRangeException(nameof(condition)),
    };

    private void CheckResources(PolicyRule rule)
    {
        if (rule.Resources.Count == 0)
        {
            Error(rule, "it names no resource");
        }

        foreach (var resource in rule.Resources)
        {
            if (!resource.IsExact && rule.Effect == PolicyEffect.Permit)
            {
                Error(rule, $"'{resource}': a permit names its resources exactly; wildcards are for forbid and require");
            }

            if (resource is { IsExact: true, Kind: ResourceKind.Tool })
            {
                Check(rule, "tool", resource.Name, context.KnownTools);
            }
            else if (resource is { IsExact: true, Kind: ResourceKind.Agent })
            {
                Check(rule, "agent", resource.Name, context.KnownAgents);
            }
            else if (resource is { IsExact: true, Kind: ResourceKind.Route })
            {
                Check(rule, "route", resource.Name, context.KnownRoutes);
            }
        }
    }

    private CompiledSubjects CompileSubjects(PolicyRule rule)
    {
        var isPermit = rule.Effect == PolicyEffect.Permit;
        var agents = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var wildcards = new List<string>();
        foreach (var agent in rule.Subjects.Agents)
        {
            if (agent.StartsWith("group:", StringComparison.Ordinal))
            {
                agents.UnionWith(Members(rule, agent["group:".Length..]));
            }
            else if (agent.AsSpan().ContainsAny('*', '?'))
            {
                wildcards.Add(agent);
                if (isPermit)
                {
                    Error(rule, $"'{agent}': a permit names its agents exactly; wildcards are for forbid and require");
                }
            }
            else
            {
                Check(rule, "agent", agent, context.KnownAgents);
                agents.Add(agent);
            }
        }

        if (isPermit && rule.Subjects.Agents.Count == 0)
        {
            Error(rule, "a permit needs to say for which agents");
        }

        // Persons are told apart by case where they are let in, and not where they are kept out.
        var persons = new HashSet<string>(isPermit ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase);
        var external = new List<string>();
        foreach (var person in rule.Subjects.OnBehalfOf)
        {
            if (person.StartsWith("group:", StringComparison.Ordinal))
            {
                persons.UnionWith(Members(rule, person["group:".Length..]));
            }
            else if (ExternalPrefixes.Any(prefix => person.StartsWith(prefix, StringComparison.Ordinal)))
            {
                external.Add(person);
            }
            else
            {
                persons.Add(person);
            }
        }

        return new CompiledSubjects(
            rule.Subjects.Agents.Count == 0 ? null : agents, [.. wildcards],
            rule.Subjects.OnBehalfOf.Count == 0 ? null : persons, [.. external], context.ExternalGroups);
    }

    private IReadOnlyList<string> Members(PolicyRule rule, string group)
    {
        if (_groups.TryGetValue(group, out var found))
        {
            return found.Members;
        }

        Error(rule, $"unknown group '{group}'{YamlSuggestion.Hint(group, _groups.Keys)}");
        return [];
    }

    private void CheckObligations(PolicyRule rule)
    {
        if (rule.Effect == PolicyEffect.Require != rule.Obligations.Count > 0)
        {
            Error(rule, "a require needs obligations, and nothing else has them");
        }

        CheckWhatCanBeDemanded(rule);
        foreach (var obligation in rule.Obligations)
        {
            switch (obligation)
            {
                case ApprovalObligation approval:
                    if (approval.Quorum < 1 || approval.Timeout <= TimeSpan.Zero)
                    {
                        Error(rule, "an approval needs a quorum of at least 1 and a time-out");
                    }

                    if (approval.From is { } from && !ExternalPrefixes.Any(prefix => from.StartsWith(prefix, StringComparison.Ordinal)))
                    {
                        _ = Members(rule, from.StartsWith("group:", StringComparison.Ordinal) ? from["group:".Length..] : from);
                    }

                    break;
                case LimitObligation limit when limit.Max < 0 || limit.Window <= TimeSpan.Zero || (limit.Measure == LimitMeasure.Argument && string.IsNullOrEmpty(limit.Argument)):
                    Error(rule, "a limit needs a bound of at least 0, a positive window, and the argument that it adds up");
                    break;
                case CompensateObligation compensate:
                    Check(rule, "tool", compensate.Tool, context.KnownTools);
                    break;
            }
        }
    }

    /// <summary>What no use of a resource could ever meet, or count, is refused; a demand that nobody keeps is worse than none.</summary>
    private void CheckWhatCanBeDemanded(PolicyRule rule)
    {
        if (rule.Effect != PolicyEffect.Require)
        {
            return;
        }

        if (rule.Resources.Any(resource => resource.Kind == ResourceKind.Net))
        {
            Error(rule, "nothing can be required of a host, for hosts are reached in the middle of a call; require it of the tool");
        }

        var isRoute = rule.Resources.Any(resource => resource.Kind == ResourceKind.Route);
        if (isRoute && rule.Obligations.Any(obligation => obligation is not LimitObligation { Measure: LimitMeasure.Calls or LimitMeasure.Cost }))
        {
            Error(rule, "of a route only limits on calls and cost can be required: a model call has no arguments, and nobody can approve or undo it");
        }

        if (rule.Resources.Any(resource => resource.Kind != ResourceKind.Route) && rule.Obligations.Any(obligation => obligation is LimitObligation { Measure: LimitMeasure.Cost }))
        {
            Error(rule, "cost is what models cost: limit it on 'route:', not on a tool, data or an agent");
        }
    }

    private void CheckTools(PolicyRule rule)
    {
        foreach (var history in rule.Conditions.OfType<HistoryCondition>())
        {
            Check(rule, "tool", history.Tool, context.KnownTools);
        }
    }

    private void Check(PolicyRule rule, string what, string name, IReadOnlyCollection<string>? known)
    {
        if (known is not null && !known.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            Error(rule, $"unknown {what} '{name}'{YamlSuggestion.Hint(name, known)}");
        }
    }

    private void Error(PolicyRule rule, string message) =>
        _errors.Add($"{rule.Source.Place ?? "(no file)"}: rule '{rule.QualifiedId}': {message}");
}
