using System.Text.Json.Nodes;
using AgentOps.Engine.Configuration;
using static AgentOps.Engine.Configuration.SchemaParts;

namespace AgentOps.Engine.Permissions;

/// <summary>The JSON Schema (draft 7) of kind <c>AgentPolicy</c>, for editors. The parser is the authority; a test holds the two together.</summary>
public static class AgentPolicySchema
{
    private const string Argument = "^args\\..+$";

    /// <summary>The schema.</summary>
    public static JsonObject Create() => DocumentSchemas.Document(
        "AgentPolicy",
        "What agents may do: rules that permit, forbid and require. Default deny; a forbid wins; order makes no difference.",
        ["rules"],
        [
        .. Bounds(),
        ("rules", new JsonObject
        {
            ["type"] = "array",
            ["items"] = With(
                Object(["id", "effect", "resources"], [("id", new JsonObject { ["type"] = "string", ["pattern"] = "^[A-Za-z0-9_.-]{1,100}$" }), .. Rule()]), ObligationsWithRequire()),
        }),
        ]);

    /// <summary>The schema of kind <c>Permission</c>: one rule of its own.</summary>
    public static JsonObject CreatePermission() => With(
        DocumentSchemas.Document(
            "Permission", "One rule that permits, forbids or requires, as Grant-AgentOpsPermission makes it. Its name is its id.", ["effect", "resources"], [.. Bounds(), .. Rule()]),
        ObligationsWithRequire());

    private static IEnumerable<(string Name, JsonObject Schema)> Bounds() =>
    [
        ("subjects", Say(
            Object([], ("agents", Texts("Agents and group:NAME; a permit needs them.")), ("onBehalfOf", Texts("Persons, group:NAME, os:NAME, database:NAME."))),
            "Whom the rules speak of.")),
        ("validity", Say(Object([], ("notBefore", Pattern(Time)), ("notAfter", Pattern(Time))), "When they are in force: from notBefore until just before notAfter.")),
    ];

    private static IEnumerable<(string Name, JsonObject Schema)> Rule() =>
    [
        ("effect", Words(PolicyWords.Effects)),
        ("resources", new JsonObject
        {
            ["type"] = "array",
            ["minItems"] = 1,
            ["items"] = Say(Pattern("^(tool|route|data|net|agent):.+$"), "tool:NAME, route:NAME, data:PATH, net:HOST or agent:NAME; wildcards in forbid and require only."),
        }),
        ("args", new JsonObject
        {
            ["type"] = "object",
            ["description"] = "In a permit closed: any other argument leaves it unmatched. In forbid and require a tested argument that is absent denies.",
            ["additionalProperties"] = Constraint(nested: false),
        }),
        ("when", new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["oneOf"] = new JsonArray(Fact(), History()) } }),
        ("obligations", new JsonObject { ["type"] = "array", ["minItems"] = 1, ["items"] = Obligation() }),
    ];

    private static JsonObject ObligationsWithRequire() => new()
    {
        ["if"] = new JsonObject { ["properties"] = new JsonObject { ["effect"] = new JsonObject { ["const"] = "require" } } },
        ["then"] = new JsonObject { ["required"] = new JsonArray("obligations") },
        ["else"] = new JsonObject { ["not"] = new JsonObject { ["required"] = new JsonArray("obligations") } },
    };

    private static JsonObject Constraint(bool nested)
    {
        JsonObject Of(string type, params (string, JsonObject)[] properties) => Object(
            type switch { "array" => ["type", "items"], _ => ["type"] },
            [("type", new JsonObject { ["const"] = type }), .. nested ? [] : new[] { ("optional", Boolean()) }, .. properties]);
        var kinds = new JsonArray(
            Of("string", ("in", Texts("The only texts, spelt exactly.")), ("pattern", Text("The whole text must match; no backtracking, no look-around.")), ("maxLength", Whole(0))),
            Of("integer", ("in", List(Integer())), ("min", Integer()), ("max", Integer())),
            Of("decimal", ("min", Number()), ("max", Number())),
            Of("boolean", ("is", Boolean())),
            Of("date", ("min", Pattern(Time)), ("max", Pattern(Time))),
            Of("path", ("root", Text("An absolute folder.")), ("roots", Texts("Absolute folders."))));
        if (!nested)
        {
            kinds.Add((JsonNode)Of("array", ("items", Constraint(nested: true)), ("maxItems", Whole(0))));
        }

        return new JsonObject { ["oneOf"] = kinds };
    }

    private static JsonObject Fact()
    {
        var one = new JsonObject { ["type"] = new JsonArray("string", "boolean", "integer") };
        var fact = Object(["fact"],
            [("fact", new JsonObject { ["enum"] = new JsonArray([.. FactCatalog.Default.Names.Order(StringComparer.Ordinal).Select(name => JsonValue.Create(name))]) }),
                .. PolicyWords.FactOperators.Select(pair => (pair.Word, IsList(pair.Value) ? List((JsonObject)one.DeepClone()) : (JsonObject)one.DeepClone()))]);
        fact["minProperties"] = 2;
        fact["maxProperties"] = 2;
        return fact;
    }

    private static bool IsList(FactOperator factOperator) => factOperator is FactOperator.AnyOf or FactOperator.NoneOf or FactOperator.AllOf;

    private static JsonObject History() => Object(["history"], ("history", Object(
        ["tool", "within"],
        ("tool", Text("The tool that was called.")),
        ("outcome", new JsonObject { ["enum"] = new JsonArray([.. PolicyWords.Outcomes.Select(pair => JsonValue.Create(pair.Word))]) }),
        ("within", Pattern(Duration)),
        ("same", new JsonObject { ["type"] = "object", ["additionalProperties"] = Pattern(Argument) }),
        ("sameSession", Boolean()),
        ("atLeast", Whole(0)),
        ("atMost", Whole(0)))));

    private static JsonObject Obligation() => new()
    {
        ["oneOf"] = new JsonArray(
            Object(["approval"], ("approval", Object([], ("quorum", Whole(1)), ("from", Text("A group.")), ("notRequester", Boolean()), ("timeout", Pattern(Duration))))),
            Object(["limit"], ("limit", Object(["key", "sum", "max"], ("key", Words(PolicyWords.LimitKeys)),
                ("sum", Say(Pattern("^(calls|cost|args\\..+)$"), "calls, cost, or an argument such as args.Amount.")), ("max", Number()), ("window", Pattern(Duration))))),
            Object(["compensate"], ("compensate", Object(["tool", "within"], ("tool", Text("The tool that undoes it.")), ("within", Pattern(Duration))))),
            Object(["dryRun"], ("dryRun", Object(["within"], ("within", Pattern(Duration)))))),
    };
}
