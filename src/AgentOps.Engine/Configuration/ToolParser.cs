using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Serialization;
using AgentOps.Engine.Invocation;
using AgentOps.Engine.Memories;
using AgentOps.Engine.Permissions;
using AgentOps.Engine.Routing;
using AgentOps.Engine.Tools;
using AgentOps.Engine.Tools.Isolation;
using AgentOps.Engine.Verification;

namespace AgentOps.Engine.Configuration;

/// <summary>Reads documents of kind <c>Tool</c> into <see cref="ToolDefinition"/>.</summary>
public sealed class ToolParser : IYamlKindParser
{
    internal static readonly (string Word, ToolKind Value)[] Kinds =
    [
        ("process", ToolKind.Process), ("http", ToolKind.Http), ("command", ToolKind.Command), ("script", ToolKind.Script), ("mcp", ToolKind.Mcp),
        ("agent", ToolKind.Agent), ("ask", ToolKind.Ask), ("memory", ToolKind.Memory), (OpenApiToolParser.Word, ToolKind.Http),
    ];

    internal static readonly (string Word, MemoryOperation Value)[] MemoryOperations =
    [
        ("remember", MemoryOperation.Remember), ("recall", MemoryOperation.Recall), ("forget", MemoryOperation.Forget),
    ];

    internal static readonly (string Word, SideEffect Value)[] SideEffects =
    [
        ("none", SideEffect.None), ("reversible", SideEffect.Reversible), ("irreversible", SideEffect.Irreversible),
    ];

    internal static readonly (string Word, ParameterType Value)[] Types =
        new[] { "string", "integer", "decimal", "boolean", "date", "path", "object" }
            .SelectMany(word => new[] { word, word + "[]" })
            .Select(word => (word, ToolSchema.ParseType(word)!))
            .ToArray();

    internal static readonly (string Word, IsolationLevel? Value)[] IsolationLevels =
    [
        ("process", IsolationLevel.Process), ("sandbox", IsolationLevel.Sandbox),
    ];

    /// <inheritdoc/>
    public string Kind => "Tool";

    /// <inheritdoc/>
    public object Parse(string name, YamlMap document)
    {
        var (kind, settings) = ParseKind(document);
        var defaults = document.Has(OpenApiToolParser.Word) && document.GetMap(OpenApiToolParser.Word) is { } operation
            ? OpenApiToolParser.Parse(name, operation)
            : new ToolDefinition { Name = name, Kind = kind, Settings = settings };
        if (document.Has(OpenApiToolParser.Word) && document.Has("parameters"))
        {
            document.Get("parameters")!.Error("the parameters of an operation are those of its OpenAPI document");
        }

        IReadOnlyList<ToolParameter> parameters = defaults.Parameters.Count > 0 ? defaults.Parameters : ParseParameters(document.GetMap("parameters"));
        if (kind == ToolKind.Ask && parameters.Count == 0)
        {
            parameters = [.. QuestionParameters.Of(settings.ValueKind == JsonValueKind.Object && settings.TryGetProperty("form", out _))];
        }

        if (kind == ToolKind.Agent && parameters.Count == 0)
        {
            parameters = [new ToolParameter(AgentToolExecutor.PromptParameter, ParameterType.String, IsMandatory: true, Description: "What the agent is asked.")];
        }

        if (kind == ToolKind.Memory && MemoryTool.FromSettings(settings) is { } memory)
        {
            defaults = defaults with { Description = memory.Description, SideEffect = memory.SideEffect };
            parameters = parameters.Count > 0 ? parameters : memory.Parameters;
        }

        return defaults with
        {
            Description = document.GetString("description") ?? defaults.Description,
            Parameters = parameters,
            Constraints = ConstraintSet.Parse(document, parameters),
            SideEffect = document.GetOneOf("sideEffect", SideEffects, defaults.SideEffect),
            Compensation = document.GetString("compensation"),
            Data = document.GetMap("data") is { } data ? ParseData(data) : ToolData.None,
            Isolation = document.GetMap("isolation") is { } isolation ? ParseIsolation(isolation) : ToolIsolation.Default,
            Timeout = document.GetDuration("timeout") ?? defaults.Timeout,
            MaxOutputBytes = (int)(document.GetInteger("maxOutputBytes", 1, 16 * 1024 * 1024) ?? defaults.MaxOutputBytes),
        };
    }

    private static ToolData ParseData(YamlMap map) => new()
    {
        Class = map.GetOneOf("class", DataClasses.All.Select(word => (word, word)).ToArray(), DataClasses.Default),
        Paths = map.GetStrings("paths"),
        Roots = map.GetMap("roots")?.All().Select(root => (root.Name, Folder: root.AsString() ?? string.Empty)).ToDictionary(root => root.Name, root => root.Folder, StringComparer.Ordinal)
            ?? ToolData.None.Roots,
    };

    private static ToolIsolation ParseIsolation(YamlMap map) => new()
    {
        Level = map.GetOneOf("level", IsolationLevels, null),
        Network = map.GetBoolean("network") ?? false,
        Write = map.GetStrings("write"),
        Pin = map.GetBoolean("pin") ?? false,
    };

    private static (ToolKind Kind, JsonElement Settings) ParseKind(YamlMap document)
    {
        var given = Kinds.Where(kind => document.Has(kind.Word)).ToArray();
        if (given.Length != 1)
        {
            document.Error($"a tool says how it runs with one of: {string.Join(", ", Kinds.Select(kind => kind.Word))}");
            return (ToolKind.Process, default);
        }

        var settings = new JsonObject();
        if (given[0].Word != OpenApiToolParser.Word && document.GetMap(given[0].Word) is { } map)
        {
            switch (given[0].Value)
            {
                case ToolKind.Process:
                    ParseProcess(map, settings);
                    break;
                case ToolKind.Http:
                    HttpToolParser.Parse(map, settings);
                    break;
                case ToolKind.Ask:
                    settings.With("from", map.GetString("from"));
                    ParseForm(map, settings);
                    break;
                case ToolKind.Memory:
                    settings.With("operation", map.RequireString("operation")).With("shared", map.GetBoolean("shared") ?? false);
                    break;
                case ToolKind.Agent:
                    settings.With("name", map.RequireString("name"));
                    break;
                case ToolKind.Mcp:
                    ParseServer(map, settings);
                    break;
                case ToolKind.Command:
                    settings.With("name", map.RequireString("name")).With("parameterSet", map.GetString("parameterSet")).With("module", map.GetString("module"));
                    break;
                default:
                    settings.With("text", map.RequireString("text"));
                    break;
            }
        }

        using var parsed = JsonDocument.Parse(settings.ToJsonString());
        return (given[0].Value, parsed.RootElement.Clone());
    }

    private static void ParseProcess(YamlMap map, JsonObject settings)
    {
        foreach (var vector in new[] { "command", "linux", "windows", "macos" })
        {
            settings.With(vector, map.GetStrings(vector));
        }

        settings.With("allowLeadingDash", map.GetBoolean("allowLeadingDash") ?? false);
    }

    private static LiteralRules ParseLiterals(YamlMap parameter)
    {
        var rules = LiteralRules.None;
        foreach (var word in parameter.GetList("literals"))
        {
            rules |= word.TryOneOf(LiteralWords.All, out var rule) ? rule : LiteralRules.None;
        }

        return rules;
    }

    /// <summary>A form is written like a tool's parameters.</summary>
    private static void ParseForm(YamlMap map, JsonObject settings)
    {
        if (ParseParameters(map.GetMap("form")) is { Count: > 0 } fields)
        {
            settings.With("form", QuestionParameters.WriteForm(fields));
        }
    }

    private static void ParseServer(YamlMap map, JsonObject settings)
    {
        var environment = new JsonObject();
        foreach (var variable in map.GetMap("environment")?.All() ?? [])
        {
            environment.With(variable.Name, variable.AsString());
        }

        settings
            .With("command", map.GetStrings("command"))
            .With("environment", environment.Count > 0 ? environment : null)
            .With("uri", map.GetString("uri"))
            .With("allowPrivateNetwork", map.GetBoolean("allowPrivateNetwork") ?? false)
            .With("credentials", HttpToolParser.ParseCredentials(map))
            .With("identity", map.GetBoolean("identity") ?? false)
            .With("audience", map.GetString("audience"))
            .With("tool", map.RequireString("tool"))
            .With("pin", map.RequireString("pin"));
    }

    private static List<ToolParameter> ParseParameters(YamlMap? map)
    {
        var parameters = new List<ToolParameter>();
        foreach (var item in map?.All() ?? [])
        {
            if (item.AsMap() is not { } parameter)
            {
                continue;
            }

            parameters.Add(new ToolParameter(
                item.Name,
                parameter.GetOneOf("type", Types, ParameterType.String),
                parameter.GetBoolean("mandatory") ?? false,
                parameter.Has("in") ? parameter.GetStrings("in") : null,
                parameter.GetString("pattern"),
                parameter.GetDecimal("min"),
                parameter.GetDecimal("max"),
                parameter.GetString("description"))
            {
                Literals = ParseLiterals(parameter),
            });
        }

        return parameters;
    }
}
