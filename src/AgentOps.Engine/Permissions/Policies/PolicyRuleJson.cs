using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml;
using AgentOps.Engine.Configuration;

namespace AgentOps.Engine.Permissions;

/// <summary>The canonical JSON of rules. It has the shape of the YAML and is read by the same parser, so the language is written down once.</summary>
internal static class PolicyRuleJson
{
    public static JsonObject Write(PolicyRule rule, bool withSource)
    {
        var json = new JsonObject
        {
            ["id"] = rule.Id,
            ["effect"] = PolicyWords.WordOf(PolicyWords.Effects, rule.Effect),
            ["resources"] = Texts(rule.Resources.Select(resource => resource.ToString())),
        };
        if (rule.Subjects.Agents.Count + rule.Subjects.OnBehalfOf.Count > 0)
        {
            json["subjects"] = new JsonObject { ["agents"] = Texts(rule.Subjects.Agents), ["onBehalfOf"] = Texts(rule.Subjects.OnBehalfOf) };
        }

        if (rule.Validity != RuleValidity.Always)
        {
            json["validity"] = Without(new JsonObject { ["notBefore"] = Time(rule.Validity.NotBefore), ["notAfter"] = Time(rule.Validity.NotAfter) });
        }

        if (rule.Arguments is { } arguments)
        {
            json["args"] = new JsonObject(arguments.OrderBy(pair => pair.Key, StringComparer.OrdinalIgnoreCase)
                .Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)Constraint(pair.Value))));
        }

        if (rule.Conditions.Count > 0)
        {
            json["when"] = new JsonArray([.. rule.Conditions.Select(Condition)]);
        }

        if (rule.Obligations.Count > 0)
        {
            json["obligations"] = new JsonArray([.. rule.Obligations.Select(Obligation)]);
        }

        if (rule.Source.Policy is { } policy)
        {
            json["policy"] = policy;
        }

        if (withSource && rule.Source.Place is { } place)
        {
            json["place"] = place;
        }

        return json;
    }

    public static PolicyRule Read(JsonElement json)
    {
        var errors = new YamlErrors();
        var scope = new YamlScope("rule", errors);
        PolicyRule? rule = null;
        if (YamlJson.Convert(json) is YamlDotNet.RepresentationModel.YamlMappingNode node)
        {
            var map = scope.Open("", node);
            var policy = map.GetString("policy");
            var place = map.GetString("place");
            rule = PolicyRuleParser.Parse(map, PolicyRuleParser.ParseSubjects(map), PolicyRuleParser.ParseValidity(map), policy);
            rule = rule is null ? null : rule with { Source = new RuleSource(policy, place) };
            scope.ReportUnknownKeys();
        }
        else
        {
            errors.Add(new YamlLocation("rule", 1, 1), "a rule is an object");
        }

        errors.ThrowIfAny();
        return rule!;
    }

    private static JsonObject Constraint(ArgumentConstraint constraint)
    {
        var json = new JsonObject { ["type"] = constraint.Type };
        switch (constraint)
        {
            case StringConstraint text:
                json["in"] = text.In is null ? null : Texts(text.In);
                json["pattern"] = text.Pattern;
                json["maxLength"] = text.MaxLength;
                break;
            case IntegerConstraint integer:
                json["in"] = integer.In is null ? null : new JsonArray([.. integer.In.Select(Integer)]);
                json["min"] = integer.Min is { } min ? Integer(min) : null;
                json["max"] = integer.Max is { } max ? Integer(max) : null;
                break;
            case DecimalConstraint number:
                json["min"] = number.Min is { } least ? YamlNumbers.Spell(least) : null;
                json["max"] = number.Max is { } most ? YamlNumbers.Spell(most) : null;
                break;
            case BooleanConstraint boolean:
                json["is"] = boolean.Is;
                break;
            case DateConstraint date:
                json["min"] = Time(date.Min);
                json["max"] = Time(date.Max);
                break;
            case PathConstraint path:
                json["roots"] = Texts(path.Roots);
                break;
            case ArrayConstraint array:
                json["items"] = Constraint(array.Items);
                json["maxItems"] = array.MaxItems;
                break;
        }

        json["optional"] = constraint.IsOptional ? true : null;
        return Without(json);
    }

    public static JsonObject Condition(Condition condition) => condition switch
    {
        FactCondition fact => new JsonObject
        {
            ["fact"] = fact.Fact,
            [PolicyWords.WordOf(PolicyWords.FactOperators, fact.Operator)] =
                fact.Operator is FactOperator.AnyOf or FactOperator.NoneOf or FactOperator.AllOf
                    ? new JsonArray([.. fact.Values.Select(value => value.ToJson())])
                    : fact.Values[0].ToJson(),
        },
        HistoryCondition history => new JsonObject
        {
            ["history"] = Without(new JsonObject
            {
                ["tool"] = history.Tool,
                ["outcome"] = history.Outcome,
                ["within"] = XmlConvert.ToString(history.Within),
                ["same"] = history.Same.Count == 0 ? null : new JsonObject(history.Same.Select(pair =>
                    KeyValuePair.Create(pair.Key, (JsonNode?)(PolicyWords.ArgumentPrefix + pair.Value)))),
                ["sameSession"] = history.SameSession ? true : null,
                ["atLeast"] = history.AtLeast,
                ["atMost"] = history.AtMost,
            }),
        },
        _ => throw new ArgumentOutOfRangeException(nameof(condition)),
    };

    private static JsonObject Obligation(Obligation obligation) => obligation switch
    {
        ApprovalObligation approval => new JsonObject
        {
            ["approval"] = Without(new JsonObject
            {
                ["quorum"] = approval.Quorum,
                ["from"] = approval.From,
                ["notRequester"] = approval.NotRequester,
                ["timeout"] = XmlConvert.ToString(approval.Timeout),
            }),
        },
        LimitObligation limit => new JsonObject
        {
            ["limit"] = Without(new JsonObject
            {
                ["key"] = PolicyWords.WordOf(PolicyWords.LimitKeys, limit.Key),
                ["sum"] = limit.Measure switch
                {
                    LimitMeasure.Calls => "calls",
                    LimitMeasure.Cost => "cost",
                    _ => PolicyWords.ArgumentPrefix + limit.Argument,
                },
                ["max"] = YamlNumbers.Spell(limit.Max),
                ["window"] = limit.Window is { } window ? XmlConvert.ToString(window) : null,
            }),
        },
        CompensateObligation compensate => new JsonObject
        {
            ["compensate"] = new JsonObject { ["tool"] = compensate.Tool, ["within"] = XmlConvert.ToString(compensate.Within) },
        },
        DryRunObligation dryRun => new JsonObject { ["dryRun"] = new JsonObject { ["within"] = XmlConvert.ToString(dryRun.Within) } },
        _ => throw new ArgumentOutOfRangeException(nameof(obligation)),
    };

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode?)JsonValue.Create(text))]);

    private static JsonNode? Integer(long value) => ArgumentValue.From(value).ToJson();

    private static JsonNode? Time(DateTimeOffset? time) => time is { } value ? YamlNumbers.Spell(value) : null;

    private static JsonObject Without(JsonObject json)
    {
        foreach (var name in json.Where(pair => pair.Value is null).Select(pair => pair.Key).ToList())
        {
            json.Remove(name);
        }

        return json;
    }
}
