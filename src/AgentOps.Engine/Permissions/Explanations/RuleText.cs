using System.Globalization;
using System.Xml;
using AgentOps.Engine.Configuration;

namespace AgentOps.Engine.Permissions;

/// <summary>Says a rule in words, for the administrator: bounds and lists included.</summary>
public static class RuleText
{
    /// <summary>One line: the rule's id and what it demands.</summary>
    /// <param name="rule">The rule.</param>
    public static string Describe(PolicyRule rule)
    {
        var parts = new List<string>();
        if (rule.Arguments is { Count: 0 } && rule.Effect == PolicyEffect.Permit)
        {
            parts.Add("no arguments");
        }

        parts.AddRange((rule.Arguments ?? new Dictionary<string, ArgumentConstraint>()).OrderBy(pair => pair.Key, StringComparer.OrdinalIgnoreCase)
            .Select(pair => $"{pair.Key} {Constraint(pair.Value)}{(pair.Value.IsOptional ? " or left out" : "")}"));
        parts.AddRange(rule.Conditions.Select(Condition));
        parts.AddRange(rule.Obligations.Select(Describe));
        if (rule.Resources.Any(resource => resource.SchemaDigest is not null))
        {
            parts.Add("schema as pinned");
        }

        if (rule.Validity.NotAfter is { } end)
        {
            parts.Add($"until {YamlNumbers.Spell(end)}");
        }

        return parts.Count == 0 ? rule.QualifiedId : $"{rule.QualifiedId}: {string.Join("; ", parts)}";
    }

    private static string Constraint(ArgumentConstraint constraint) => constraint switch
    {
        StringConstraint text => string.Join(" and ", Parts(
            text.In is null ? null : $"one of {string.Join(", ", text.In)}",
            text.Pattern is null ? null : $"like {text.Pattern}",
            text.MaxLength is null ? null : string.Create(CultureInfo.InvariantCulture, $"at most {text.MaxLength} characters"),
            text is { In: null, Pattern: null, MaxLength: null } ? "any text" : null)),
        IntegerConstraint integer => integer.In is null ? Range(integer.Min, integer.Max) : $"one of {string.Join(", ", integer.In.Select(number => YamlNumbers.Spell(number)))}",
        DecimalConstraint number => Range(number.Min, number.Max),
        BooleanConstraint boolean => boolean.Is switch { true => "true", false => "false", _ => "true or false" },
        DateConstraint date => string.Join(" ", Parts(date.Min is { } min ? $"from {YamlNumbers.Spell(min)}" : null, date.Max is { } max ? $"to {YamlNumbers.Spell(max)}" : null, date is { Min: null, Max: null } ? "any time" : null)),
        PathConstraint path => $"below {string.Join(" or ", path.Roots)}",
        ArrayConstraint array => $"list of items {Constraint(array.Items)}{(array.MaxItems is { } most ? string.Create(CultureInfo.InvariantCulture, $", at most {most}") : "")}",
        _ => constraint.Type,
    };

    private static string Condition(Condition condition) => condition switch
    {
        FactCondition fact => $"if {fact.Fact} {PolicyWords.WordOf(PolicyWords.FactOperators, fact.Operator)} {string.Join(", ", fact.Values.Select(value => value.AsString() ?? value.ToString()))}",
        HistoryCondition history => string.Create(CultureInfo.InvariantCulture,
            $"if {history.Tool} was called {(history.AtMost is { } most ? $"{history.AtLeast} to {most}" : $"at least {history.AtLeast}")} times within {XmlConvert.ToString(history.Within)}")
            + (history.Same.Count == 0 ? "" : $" with the same {string.Join(", ", history.Same.Select(pair => pair.Value))}"),
        _ => "",
    };

    /// <summary>One obligation: what it demands.</summary>
    /// <param name="obligation">The obligation.</param>
    public static string Describe(Obligation obligation) => obligation switch
    {
        ApprovalObligation approval => string.Create(CultureInfo.InvariantCulture, $"approval by {approval.Quorum}{(approval.From is null ? "" : $" of {approval.From}")}"),
        LimitObligation limit => $"limit of {YamlNumbers.Spell(limit.Max)} on {limit.Measure switch { LimitMeasure.Calls => "calls", LimitMeasure.Cost => "cost", _ => limit.Argument }}"
            + $" per {PolicyWords.WordOf(PolicyWords.LimitKeys, limit.Key)}{(limit.Window is { } window ? $" in {XmlConvert.ToString(window)}" : "")}",
        CompensateObligation compensate => $"can be undone by {compensate.Tool} within {XmlConvert.ToString(compensate.Within)}",
        DryRunObligation dryRun => $"run dry within {XmlConvert.ToString(dryRun.Within)} before",
        _ => "",
    };

    private static string Range(decimal? min, decimal? max) => (min, max) switch
    {
        ({ } least, { } most) => $"from {YamlNumbers.Spell(least)} to {YamlNumbers.Spell(most)}",
        ({ } least, null) => $"at least {YamlNumbers.Spell(least)}",
        (null, { } most) => $"at most {YamlNumbers.Spell(most)}",
        _ => "any number",
    };

    private static IEnumerable<string> Parts(params string?[] parts) => parts.OfType<string>();
}
