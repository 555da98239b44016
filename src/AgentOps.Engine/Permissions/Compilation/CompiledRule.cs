namespace AgentOps.Engine.Permissions;

/// <summary>A rule made ready for decisions.</summary>
internal sealed class CompiledRule
{
    private readonly CompiledArgument[]? _arguments;
    private readonly ConditionMatcher[] _conditions;
    private readonly bool _isPermit;
    private readonly bool _isPinned;

    public CompiledRule(PolicyRule rule, string canonical, CompiledSubjects subjects, CompiledArgument[]? arguments, ConditionMatcher[] conditions)
    {
        Rule = rule;
        Canonical = canonical;
        Id = rule.QualifiedId;
        Subjects = subjects;
        _arguments = arguments;
        _conditions = conditions;
        _isPermit = rule.Effect == PolicyEffect.Permit;
        _isPinned = rule.Resources.Any(resource => resource.SchemaDigest is not null);
        Obligations = [.. rule.Obligations.Select(obligation => obligation with { RuleId = Id, Policy = rule.Source.Policy })];
        Allow = new Verdict(DecisionOutcome.Allow, [Id], [], $"Permitted by rule '{Id}'.", []);
    }

    public PolicyRule Rule { get; }

    public string Canonical { get; }

    public bool IsPermit => _isPermit;

    public string Id { get; }

    public CompiledSubjects Subjects { get; }

    public IReadOnlyList<Obligation> Obligations { get; }

    /// <summary>The answer when this permit is the one that decides and nothing is required.</summary>
    public Verdict Allow { get; }

    public CompiledArgument[]? Arguments => _arguments;

    public ConditionMatcher[] Conditions => _conditions;

    /// <summary>Whether the rule matches; the resource's name is known to match already.</summary>
    public Truth Evaluate(AuthorizationRequest request, ResourceKind kind, string name)
    {
        try
        {
            var scope = Scope(request, kind, name);
            if (scope == Truth.False)
            {
                return Truth.False;
            }

            if (!_isPermit && !HasShape(request.Arguments))
            {
                return Truth.Error;
            }

            var failed = scope == Truth.Error;
            var arguments = TestArguments(request.Arguments);
            if (arguments == Truth.False)
            {
                return Truth.False;
            }

            failed |= arguments == Truth.Error;
            foreach (var condition in _conditions)
            {
                var truth = condition.Test(request);
                if (truth == Truth.False)
                {
                    return Truth.False;
                }

                failed |= truth == Truth.Error;
            }

            return failed ? Truth.Error : Truth.True;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // A source of facts, history or groups that fails leaves a permit unmatched and makes the rest answer Deny.
            return Truth.Error;
        }
    }

    /// <summary>Whether the rule speaks of this moment, subject and schema.</summary>
    public Truth Scope(AuthorizationRequest request, ResourceKind kind, string name)
    {
        if (!Rule.Validity.Contains(request.Now))
        {
            return Truth.False;
        }

        var pin = Pin(request, kind, name);
        if (pin == Truth.False)
        {
            return Truth.False;
        }

        var subject = Subjects.Test(request.Agent, request.OnBehalfOf);
        return subject == Truth.False ? Truth.False : pin == Truth.Error ? Truth.Error : subject;
    }

    /// <summary>In a forbid or require every tested argument must be there and of the tested kind.</summary>
    public bool HasShape(BoundArguments arguments)
    {
        foreach (var argument in _arguments ?? [])
        {
            if (arguments.TryGet(argument.Name, out var value) ? !argument.Matcher.Accepts(value.Kind) : !argument.IsOptional)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether the schema is the one that was pinned, where it was.</summary>
    public Truth Pin(AuthorizationRequest request, ResourceKind kind, string name)
    {
        if (!_isPinned)
        {
            return Truth.True;
        }

        var failed = false;
        foreach (var resource in Rule.Resources)
        {
            if (!resource.Matches(kind, name, _isPermit))
            {
                continue;
            }

            if (resource.SchemaDigest is null)
            {
                return Truth.True;
            }

            // The schema is that of the call's own resource; what it touches besides shows none.
            var shown = ResourceName.IsOf(request.Resource, kind) ? request.SchemaDigest : null;
            if (shown is null)
            {
                failed = true;
            }
            else if (shown.StartsWith(resource.SchemaDigest, StringComparison.Ordinal))
            {
                return Truth.True;
            }
        }

        return failed ? Truth.Error : Truth.False;
    }

    private Truth TestArguments(BoundArguments arguments)
    {
        if (_arguments is null)
        {
            return Truth.True;
        }

        var bound = 0;
        var failed = false;
        foreach (var argument in _arguments)
        {
            if (!arguments.TryGet(argument.Name, out var value))
            {
                if (argument.IsOptional && _isPermit)
                {
                    continue;
                }

                return Truth.False;
            }

            bound++;
            var truth = argument.Matcher.Accepts(value.Kind) ? argument.Matcher.Test(value) : Truth.Error;
            if (truth == Truth.False)
            {
                return Truth.False;
            }

            failed |= truth == Truth.Error;
        }

        if (_isPermit && bound != arguments.Count)
        {
            return Truth.False;
        }

        return failed ? Truth.Error : Truth.True;
    }
}
