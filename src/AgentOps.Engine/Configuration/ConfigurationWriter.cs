using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml;
using AgentOps.Engine.Permissions;
using AgentOps.Engine.Tools;
using AgentOps.Engine.Workspaces;
using YamlDotNet.RepresentationModel;

namespace AgentOps.Engine.Configuration;

/// <summary>Writes a workspace as configuration documents, which read back to the same workspace.</summary>
public static class ConfigurationWriter
{
    // What the documents call otherwise than the events do: durations have a unit there, and a tool's kind is the key of its settings.
    private static readonly Dictionary<string, string> Durations = new(StringComparer.Ordinal)
    {
        ["maximumLatencyMs"] = "maximumLatency",
        ["latencyMs"] = "latency",
        ["maxDuration"] = "maxDuration",
        ["timeout"] = "timeout",
        ["window"] = "window",
    };

    /// <summary>Writes everything that a configuration can hold, each thing as a document of its kind.</summary>
    /// <param name="state">The workspace.</param>
    /// <param name="output">Receives YAML.</param>
    public static void Write(WorkspaceState state, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(output);
        var documents = Each(state.Providers, "Provider", provider => Rename(provider.ToJson(), "kind", "protocol"))
            .Concat(Each(state.Routes, "Route", route => Durable(route.ToJson())))
            .Concat(Each(state.Tools, "Tool", tool => Tool(tool.Definition)))
            .Concat(Each(state.Agents, "Agent", agent => Durable(agent.Definition.ToJson())))
            .Concat(Each(state.Groups, "Group", GroupJson.Write))
            .Concat(Each(state.Budgets, "Budget", budget => Durable(budget.ToJson())))
            .Concat(Each(state.Notifiers, "Notifier", notifier => notifier.ToJson()))
            .Concat(Policies(state))
            .Concat(state.Grants.Values.Where(grant => grant.Rule.Source.Policy is null).OrderBy(grant => grant.Rule.Id, StringComparer.OrdinalIgnoreCase)
                .Select(grant => Document("Permission", grant.Rule.Id, Without(PolicyRuleJson.Write(grant.Rule, withSource: false), "id"))));
        var stream = new YamlStream(documents.Select(document => new YamlDotNet.RepresentationModel.YamlDocument(YamlText.Convert(document))));
        stream.Save(output, assignAnchors: false);
    }

    private static IEnumerable<JsonObject> Each<T>(IEnumerable<KeyValuePair<string, T>> things, string kind, Func<T, JsonObject> write) =>
        things.OrderBy(thing => thing.Key, StringComparer.OrdinalIgnoreCase).Select(thing =>
        {
            var json = write(thing.Value);
            return Document(kind, (string)json["name"]!, json);
        });

    private static IEnumerable<JsonObject> Policies(WorkspaceState state)
    {
        // The rules of a policy come from one document, and share its subjects and validity.
        foreach (var policy in state.Grants.Values.Where(grant => grant.Rule.Source.Policy is not null)
            .GroupBy(grant => grant.Rule.Source.Policy!, StringComparer.OrdinalIgnoreCase).OrderBy(policy => policy.Key, StringComparer.OrdinalIgnoreCase))
        {
            var rules = policy.OrderBy(grant => grant.Rule.Id, StringComparer.OrdinalIgnoreCase).Select(grant => PolicyRuleJson.Write(grant.Rule, withSource: false)).ToArray();
            var document = new JsonObject();
            foreach (var shared in new[] { "subjects", "validity" })
            {
                if (rules[0][shared] is { } value)
                {
                    document[shared] = value.DeepClone();
                }
            }

            document["rules"] = new JsonArray([.. rules.Select(rule => Without(rule, "subjects", "validity", "policy"))]);
            yield return Document("AgentPolicy", policy.Key, document);
        }
    }

    private static JsonObject Tool(ToolDefinition tool)
    {
        var json = Durable(tool.ToJson());
        json["sideEffect"] = ((string)json["sideEffect"]!).ToLowerInvariant();
        var settings = json["settings"]?.DeepClone() ?? new JsonObject();
        json[tool.Kind.ToString().ToLowerInvariant()] = settings;
        if (json["parameters"] is JsonArray { Count: > 0 } parameters)
        {
            json["parameters"] = new JsonObject(parameters.Select(parameter => KeyValuePair.Create(
                (string)parameter!["name"]!, (JsonNode?)Parameter(parameter.DeepClone().AsObject()))));
        }
        else
        {
            json.Remove("parameters");
        }

        return Without(json, "kind", "settings");
    }

    private static JsonObject Parameter(JsonObject parameter)
    {
        if (parameter["literals"] is { } rules)
        {
            parameter["literals"] = new JsonArray([.. LiteralWords.ToWords((LiteralRules)(long)rules).Select(word => JsonValue.Create(word))]);
        }

        return Without(parameter, "name");
    }

    private static JsonObject Document(string kind, string name, JsonObject content)
    {
        var document = new JsonObject { ["apiVersion"] = YamlDocumentReader.ApiVersion, ["kind"] = kind, ["name"] = name };
        foreach (var (key, value) in content)
        {
            if (key is not "name")
            {
                document[key] = value?.DeepClone();
            }
        }

        return document;
    }

    private static JsonObject Durable(JsonObject json)
    {
        var result = new JsonObject();
        foreach (var (key, value) in json)
        {
            var isDuration = Durations.TryGetValue(key, out var word) && value?.GetValueKind() == JsonValueKind.Number;
            result[isDuration ? word! : key] = isDuration ? XmlConvert.ToString(TimeSpan.FromMilliseconds((long)value!)) : Deep(value);
        }

        return result;

        static JsonNode? Deep(JsonNode? value) => value switch
        {
            JsonObject inner => Durable(inner),
            JsonArray items when items.All(item => item is JsonObject) => new JsonArray([.. items.Select(item => Durable(item!.AsObject()))]),
            _ => value?.DeepClone(),
        };
    }

    private static JsonObject Rename(JsonObject json, string from, string to) =>
        new(json.Select(pair => KeyValuePair.Create(pair.Key == from ? to : pair.Key, pair.Value?.DeepClone())));

    private static JsonObject Without(JsonObject json, params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            json.Remove(key);
        }

        return json;
    }
}
