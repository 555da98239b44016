using System.Text.RegularExpressions;
using AgentOps.Engine.Permissions;

namespace AgentOps.Engine.Tests.Permissions;

/// <summary>
/// The oracle: the meaning of the language read straight off its description, rule by rule, clause by clause, with no
/// compilation, no index, and nothing shared with the engine but the records that rules are written in.
/// </summary>
internal static class NaiveInterpreter
{
    /// <summary>The call's resource first, then all that it touches: the first refusal is the answer, else what is asked of each adds up.</summary>
    public static (DecisionOutcome Outcome, IReadOnlyList<string> Deciding) DecideAll(IReadOnlyList<PolicyRule> rules, AuthorizationRequest request, PolicyContext context)
    {
        var answer = (Outcome: DecisionOutcome.Allow, Deciding: new SortedSet<string>(StringComparer.Ordinal));
        foreach (var resource in request.Touches.Prepend(request.Resource))
        {
            var (outcome, forbids, requires, permits) = Decide(rules, request with { Resource = resource, SchemaDigest = resource == request.Resource ? request.SchemaDigest : null }, context);
            string[] deciding = forbids.Count > 0 ? [.. forbids] : permits.Count == 0 ? [] : [permits[0], .. requires];
            if (outcome == DecisionOutcome.Deny)
            {
                return (outcome, [.. deciding.Order(StringComparer.Ordinal)]);
            }

            answer.Outcome = answer.Outcome == DecisionOutcome.Pending ? DecisionOutcome.Pending : outcome;
            answer.Deciding.UnionWith(deciding);
        }

        return (answer.Outcome, [.. answer.Deciding]);
    }

    public static (DecisionOutcome Outcome, IReadOnlyList<string> Forbids, IReadOnlyList<string> Requires, IReadOnlyList<string> Permits) Decide(
        IEnumerable<PolicyRule> rules, AuthorizationRequest request, PolicyContext context)
    {
        var forbids = new SortedSet<string>(StringComparer.Ordinal);
        var requires = new SortedSet<string>(StringComparer.Ordinal);
        var permits = new SortedSet<string>(StringComparer.Ordinal);
        var approval = false;
        var unmet = false;
        foreach (var rule in rules)
        {
            var state = Evaluate(rule, request, context);
            if (rule.Effect == PolicyEffect.Permit)
            {
                if (state == true)
                {
                    permits.Add(rule.QualifiedId);
                }
            }
            else if (state is null || (state == true && rule.Effect == PolicyEffect.Forbid))
            {
                forbids.Add(rule.QualifiedId);
            }
            else if (state == true)
            {
                requires.Add(rule.QualifiedId);
                approval |= rule.Obligations.OfType<ApprovalObligation>().Any();
                unmet |= rule.Obligations.Any(obligation => obligation switch
                {
                    CompensateObligation compensate => !string.Equals(compensate.Tool, request.CompensationTool, StringComparison.OrdinalIgnoreCase),
                    LimitObligation { Measure: LimitMeasure.Argument } limit => request.Arguments[limit.Argument!].AsDecimal() is not >= 0,
                    DryRunObligation => true,
                    _ => false,
                });
            }
        }

        if (permits.Count == 0 && request.ConfiguredRoute is { } own && string.Equals(request.Resource, "route:" + own, StringComparison.OrdinalIgnoreCase))
        {
            permits.Add("agent.route");
        }

        var outcome = forbids.Count > 0 || permits.Count == 0 || unmet ? DecisionOutcome.Deny
            : approval ? DecisionOutcome.Pending : DecisionOutcome.Allow;
        return (outcome, [.. forbids], [.. requires], [.. permits]);
    }

    /// <summary>True, false, or null for an error.</summary>
    private static bool? Evaluate(PolicyRule rule, AuthorizationRequest request, PolicyContext context)
    {
        var permit = rule.Effect == PolicyEffect.Permit;
        var scope = And(
            Resource(rule, request), request.Now >= (rule.Validity.NotBefore ?? DateTimeOffset.MinValue) && request.Now < (rule.Validity.NotAfter ?? DateTimeOffset.MaxValue),
            Agent(rule, request, context), Person(rule, request, context));
        if (scope == false)
        {
            return false;
        }

        var tested = rule.Arguments ?? new Dictionary<string, ArgumentConstraint>();
        var bound = request.Arguments.Names.ToArray().Zip(request.Arguments.Values.ToArray()).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.OrdinalIgnoreCase);
        if (!permit && tested.Any(pair => bound.TryGetValue(pair.Key, out var value) ? !SameKind(pair.Value, value) : !pair.Value.IsOptional))
        {
            return null;
        }

        var clauses = new List<bool?> { scope };
        if (permit && rule.Arguments is not null)
        {
            clauses.Add(bound.Keys.All(name => tested.Keys.Contains(name, StringComparer.OrdinalIgnoreCase)));
        }

        foreach (var (name, constraint) in tested)
        {
            clauses.Add(bound.TryGetValue(name, out var value) ? Meets(constraint, value, permit) : permit && constraint.IsOptional);
        }

        clauses.AddRange(rule.Conditions.Select(condition => condition is FactCondition fact ? Fact(fact, request, context) : History((HistoryCondition)condition, request)));
        return And([.. clauses]);
    }

    private static bool? And(params bool?[] clauses) => clauses.Contains(false) ? false : clauses.Contains(null) ? null : true;

    private static bool? Or(params bool?[] clauses) => clauses.Contains(true) ? true : clauses.Contains(null) ? null : false;

    private static bool? Resource(PolicyRule rule, AuthorizationRequest request) => Or([.. rule.Resources.Select(resource =>
    {
        var text = resource.ToString().Split('@')[0];
        var isData = text.StartsWith("data:", StringComparison.Ordinal);
        var regex = Regex.Escape(text)
            .Replace(@"\*\*", "<any>", StringComparison.Ordinal)
            .Replace(@"\*", isData ? "[^/]*" : ".*", StringComparison.Ordinal)
            .Replace(@"\?", isData ? "[^/]" : ".", StringComparison.Ordinal)
            .Replace("<any>", ".*", StringComparison.Ordinal);
        var below = isData && !text.Contains('*', StringComparison.Ordinal) && !text.Contains('?', StringComparison.Ordinal) ? "(/.*)?" : "";
        var casing = isData && rule.Effect == PolicyEffect.Permit ? RegexOptions.None : RegexOptions.IgnoreCase;
        if (!Regex.IsMatch(request.Resource, $"^{regex}{below}$", casing | RegexOptions.CultureInvariant))
        {
            return false;
        }

        return resource.SchemaDigest is null ? true : request.SchemaDigest is null ? null : (bool?)request.SchemaDigest.StartsWith(resource.SchemaDigest, StringComparison.Ordinal);
    })]);

    private static bool Agent(PolicyRule rule, AuthorizationRequest request, PolicyContext context) =>
        rule.Subjects.Agents.Count == 0 || rule.Subjects.Agents.Any(agent => agent.StartsWith("group:", StringComparison.Ordinal)
            ? Group(agent, context).Contains(request.Agent, StringComparer.OrdinalIgnoreCase)
            : agent.Contains('*', StringComparison.Ordinal)
                ? request.Agent.StartsWith(agent.TrimEnd('*'), StringComparison.OrdinalIgnoreCase)
                : string.Equals(agent, request.Agent, StringComparison.OrdinalIgnoreCase));

    private static bool? Person(PolicyRule rule, AuthorizationRequest request, PolicyContext context)
    {
        if (rule.Subjects.OnBehalfOf.Count == 0)
        {
            return true;
        }

        var comparer = rule.Effect == PolicyEffect.Permit ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase;
        return request.OnBehalfOf is not { } person ? false : Or([.. rule.Subjects.OnBehalfOf.Select(subject =>
            subject.StartsWith("group:", StringComparison.Ordinal) ? Group(subject, context).Contains(person, comparer)
            : subject.StartsWith("os:", StringComparison.Ordinal) ? context.ExternalGroups!.IsMember(subject, person)
            : (bool?)comparer.Equals(subject, person))]);
    }

    private static IReadOnlyList<string> Group(string reference, PolicyContext context) => context.Groups.Single(group => "group:" + group.Name == reference).Members;

    private static bool SameKind(ArgumentConstraint constraint, ArgumentValue value) => (constraint, value.Kind) switch
    {
        (StringConstraint, ArgumentValueKind.String) => true,
        (IntegerConstraint, ArgumentValueKind.Integer) => true,
        (DecimalConstraint, ArgumentValueKind.Decimal or ArgumentValueKind.Integer) => true,
        (BooleanConstraint, ArgumentValueKind.Boolean) => true,
        (DateConstraint, ArgumentValueKind.Date) => true,
        (ArrayConstraint, ArgumentValueKind.Array) => true,
        _ => false,
    };

    private static bool? Meets(ArgumentConstraint constraint, ArgumentValue value, bool permit)
    {
        if (!SameKind(constraint, value))
        {
            return null;
        }

        switch (constraint)
        {
            case StringConstraint text:
                var s = value.AsString()!;
                var holds = (text.In?.Contains(s, StringComparer.Ordinal) ?? true)
                    && (text.Pattern is null || Regex.IsMatch(s, $@"\A(?:{text.Pattern})\z", RegexOptions.CultureInvariant))
                    && s.Length <= (text.MaxLength ?? int.MaxValue);
                return holds ? true : !permit && (text.In is not null || text.Pattern is not null) && s.Contains('\u0301', StringComparison.Ordinal) ? null : false;
            case IntegerConstraint integer:
                var i = value.AsInteger()!.Value;
                return i >= (integer.Min ?? long.MinValue) && i <= (integer.Max ?? long.MaxValue) && (integer.In?.Contains(i) ?? true);
            case DecimalConstraint number:
                var d = value.AsDecimal()!.Value;
                return d >= (number.Min ?? decimal.MinValue) && d <= (number.Max ?? decimal.MaxValue);
            case BooleanConstraint boolean:
                return boolean.Is is null || boolean.Is == value.AsBoolean();
            case DateConstraint date:
                return value.AsDate() >= (date.Min ?? DateTimeOffset.MinValue) && value.AsDate() <= (date.Max ?? DateTimeOffset.MaxValue);
            default:
                var array = (ArrayConstraint)constraint;
                if (permit && value.AsArray().Length > (array.MaxItems ?? int.MaxValue))
                {
                    return false;
                }

                bool?[] items = [.. value.AsArray().ToArray().Select(item => Meets(array.Items, item, permit))];
                return permit ? And(items) : Or(items);
        }
    }

    private static bool? Fact(FactCondition condition, AuthorizationRequest request, PolicyContext context)
    {
        if (!request.Facts.TryGet(condition.Fact, out var fact))
        {
            return null;
        }

        var definition = context.Facts.Find(condition.Fact)!;
        string[] values = [.. condition.Values.Select(value => value.AsString()!)];
        if (definition.Type == FactType.TextSet)
        {
            string[] set = [.. fact.AsArray().ToArray().Select(item => item.AsString()!)];
            return condition.Operator switch
            {
                FactOperator.AnyOf => values.Any(set.Contains),
                FactOperator.NoneOf => !values.Any(set.Contains),
                _ => values.All(set.Contains),
            };
        }

        var levels = definition.Levels!.ToList();
        return condition.Operator switch
        {
            FactOperator.AtLeast => levels.IndexOf(fact.AsString()!) >= levels.IndexOf(values[0]),
            FactOperator.AtMost => levels.IndexOf(fact.AsString()!) <= levels.IndexOf(values[0]),
            FactOperator.Is or FactOperator.AnyOf => values.Contains(fact.AsString()!),
            _ => !values.Contains(fact.AsString()!),
        };
    }

    private static bool? History(HistoryCondition condition, AuthorizationRequest request)
    {
        if (request.History is null || condition.Same.Any(pair => !request.Arguments.TryGet(pair.Value, out _)))
        {
            return null;
        }

        try
        {
            var count = ((CaseHistory)request.History).CountOf(condition.Tool);
            return count >= condition.AtLeast && count <= (condition.AtMost ?? int.MaxValue);
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
