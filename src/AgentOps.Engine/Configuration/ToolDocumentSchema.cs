using System.Text.Json.Nodes;
using AgentOps.Engine.Permissions;
using AgentOps.Engine.Routing;
using AgentOps.Engine.Verification;
using static AgentOps.Engine.Configuration.SchemaParts;

namespace AgentOps.Engine.Configuration;

/// <summary>The JSON Schema (draft 7) of kind <c>Tool</c>, for editors. The parser is the authority; a test holds the two together.</summary>
public static class ToolDocumentSchema
{
    private const string Path = "^[^.\\[\\]*\\s]+(\\.[^.\\[\\]*\\s]+)*$";

    /// <summary>The schema.</summary>
    public static JsonObject Create() => With(
        DocumentSchemas.Document(
            "Tool",
            "Something that agents can be granted: how it runs, what it takes, what it does to the world, and the hard bounds of its calls.",
            [],
            [
            ("description", Text("What the model is told that it does.")),
            .. ToolParser.Kinds.Select(kind => (kind.Word, new JsonObject { ["type"] = "object" })),
            ("parameters", new JsonObject { ["type"] = "object", ["additionalProperties"] = Parameter() }),
            ("sideEffect", Words(ToolParser.SideEffects)),
            ("compensation", Text("The tool that changes it back.")),
            ("isolation", Say(
                Object(
                    [],
                    ("level", Say(Words(ToolParser.IsolationLevels), "sandbox: refused where the host can't confine it; process: never confined.")),
                    ("network", Boolean()),
                    ("pin", Say(Boolean(), "Give it the very files that its path arguments led to when the call was decided; needs level: sandbox.")),
                    ("write", Texts("Absolute folders and files that it may write besides its own folder; {Name} stands for a parameter of the type path."))),
                "What separates the tool's process from the host.")),
            ("data", Say(
                Object(
                    [],
                    ("class", Words(DataClasses.All.Select(word => (word, word)).ToArray())),
                    ("paths", Texts("Names of data that every call touches; each needs a permit on data:NAME.")),
                    ("roots", Say(
                        new JsonObject { ["type"] = "object", ["additionalProperties"] = new JsonObject { ["type"] = "string" } },
                        "Absolute folders by the name of their data. Each argument of the type path must lead into one; the call touches data:NAME/REST."))),
                "The data that it touches, which permissions name as data:PATH, and the class of what it answers.")),
            ("timeout", Pattern(Duration)),
            ("maxOutputBytes", Whole(1)),
            ("constraints", Say(List(new JsonObject { ["oneOf"] = new JsonArray([.. Constraints()]) }), "Hard bounds, checked on the call and on what tools answered; the model is not shown them.")),
            ]),
        new JsonObject { ["oneOf"] = new JsonArray([.. ToolParser.Kinds.Select(kind => new JsonObject { ["required"] = new JsonArray(kind.Word) })]) });

    private static JsonObject Parameter() => Object(
        [],
        ("type", Words(ToolParser.Types)),
        ("mandatory", Boolean()),
        ("in", Texts("The only texts taken.")),
        ("pattern", Text("The whole text must match; no backtracking, no look-around.")),
        ("min", Number()),
        ("max", Number()),
        ("literals", Say(List(Words(LiteralWords.All)), "What a text must not hold, for the sake of what the tool would make of it.")),
        ("description", Text("What it is for, shown to the model.")));

    private static IEnumerable<JsonObject> Constraints() =>
    [
        Of("amount", ["argument"], ("argument", Argument()), ("min", Number()), ("max", Number()), ("atLeast", Source(isMoney: true)), ("atMost", Source(isMoney: true))),
        Of("budget", ["argument", "max"], ("argument", Argument()), ("max", Number()), ("within", Pattern(Duration)), ("per", Words(ConstraintWords.Scopes))),
        Of("currency", ["is"], ("is", Text("The currency of every amount of the tool, for example USD.")), ("argument", Argument())),
        Of("delivery", ["within"], ("argument", Argument()), ("from", Source(isMoney: false)), ("within", Pattern(Duration))),
        Of("duplicate", ["same"], ("same", Texts("The parameters that make two calls the same.")), ("within", Pattern(Duration)), ("per", Words(ConstraintWords.Scopes))),
        Of("payee", ["argument"], ("argument", Argument()), ("in", Texts("Who may be paid, spelt exactly.")), ("from", Source(isMoney: false))),
        Of("quantity", ["argument", "max"], ("argument", Argument()), ("min", Whole(1)), ("max", Whole(1))),
        Of("quoted", ["argument", "from"], ("argument", Argument()), ("from", Source(isMoney: true))),
        Of("rating", ["min", "from"], ("min", Number()), ("from", Source(isMoney: false))),
        Of("recurrence", ["argument", "in"], ("argument", Argument()), ("in", Texts("The words taken, spelt exactly."))),
        Of("returns", ["from"], ("from", Source(isMoney: false)), ("minDays", Whole(0)), ("in", Texts("The names of acceptable policies."))),
        Of("total", ["argument", "price"], ("argument", Argument()), ("price", Operand()), ("quantity", Argument()), ("tax", Operand()), ("shipping", Operand()), ("maxTaxPercent", Number()), ("maxShipping", Number())),
    ];

    private static JsonObject Of(string kind, IReadOnlyList<string> required, params IEnumerable<(string Name, JsonObject Schema)> properties) =>
        Object([kind], (kind, Object(required, properties)));

    private static JsonObject Argument() => Text("A parameter of this tool.");

    private static JsonObject Operand() => Object([], ("argument", Argument()), ("from", Source(isMoney: true)));

    private static JsonObject Source(bool isMoney)
    {
        var source = Object(
            isMoney ? ["tool", "path", "currency", "same"] : ["tool", "path", "same"],
            ("tool", Text("The tool whose answer counts.")),
            ("path", Pattern(Path)),
            ("each", Pattern(Path)),
            ("within", Pattern(Duration)),
            ("expires", Pattern(Path)),
            ("same", Say(
                new JsonObject { ["type"] = "object", ["minProperties"] = 1, ["additionalProperties"] = Pattern("^args\\..+$") },
                "NAME: args.NAME compares with the argument of that tool's call; output.PATH: args.NAME with its answer.")));
        return isMoney ? With(source, new JsonObject { ["properties"] = WithCurrency((JsonObject)source["properties"]!.DeepClone()) }) : source;
    }

    private static JsonObject WithCurrency(JsonObject properties)
    {
        properties["currency"] = Pattern(Path);
        return properties;
    }
}
