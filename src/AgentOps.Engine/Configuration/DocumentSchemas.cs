using System.Text.Json.Nodes;
using AgentOps.Engine.Permissions;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Routing;
using static AgentOps.Engine.Configuration.SchemaParts;

namespace AgentOps.Engine.Configuration;

/// <summary>The JSON Schemas (draft 7) of every kind of document, for editors. The parsers are the authority; a test holds the two together.</summary>
public static class DocumentSchemas
{
    /// <summary>Each kind with its schema.</summary>
    public static IEnumerable<KeyValuePair<string, JsonObject>> All() =>
    [
        KeyValuePair.Create("Agent", Agent()),
        KeyValuePair.Create("AgentPolicy", AgentPolicySchema.Create()),
        KeyValuePair.Create("Budget", BudgetSchema()),
        KeyValuePair.Create("Group", Group()),
        KeyValuePair.Create("Notifier", Notifier()),
        KeyValuePair.Create("Permission", AgentPolicySchema.CreatePermission()),
        KeyValuePair.Create("Provider", Provider()),
        KeyValuePair.Create("Route", Route()),
        KeyValuePair.Create("Tool", ToolDocumentSchema.Create()),
    ];

    /// <summary>A document's schema: what every kind has, and what this one has besides.</summary>
    internal static JsonObject Document(string kind, string description, IReadOnlyList<string> required, params IEnumerable<(string Name, JsonObject Schema)> properties) => With(
        new JsonObject
        {
            ["$schema"] = "http://json-schema.org/draft-07/schema#",
            ["title"] = kind,
            ["description"] = description,
        },
        Object(
            ["apiVersion", "kind", "name", .. required],
            [
            ("apiVersion", new JsonObject { ["const"] = YamlDocumentReader.ApiVersion }),
            ("kind", new JsonObject { ["const"] = kind }),
            ("name", Text("The name, unique in its kind without regard to case.")),
            .. properties,
            ]));

    private static JsonObject Agent() => Document(
        "Agent",
        "Who acts: instructions, a route to models, the tools that it is shown, and its bounds. It may use nothing that no rule permits.",
        ["route"],
        ("instructions", Text("The system instructions. They guide; they grant nothing.")),
        ("route", Text("The route over which it reaches models.")),
        ("tools", Texts("The tools that the model is shown. Showing is not granting.")),
        ("budget", Say(Number(), "The most that it may spend on models in its life, USD.")),
        ("limits", Say(
            Object(
                [],
                ("maxSteps", Whole(1)),
                ("maxToolCalls", Whole(1)),
                ("maxDuration", Pattern(Duration)),
                ("maxCost", Say(Number(), "USD.")),
                ("maxOutputTokens", Whole(1))),
            "The bounds of one invocation.")),
        ("undoOnFailure", Say(Boolean(), "A session that fails undoes what it did, as far as its tools name compensations, before it ends.")),
        ("memory", Say(
            Object([], ("clearance", Say(Words(DataClasses.All.Select(word => (word, word)).ToArray()), "The highest data class of the facts that it may keep and recall; internal where nothing is said."))),
            "What it may keep beyond a session, with tools of the kind memory.")));

    private static JsonObject BudgetSchema() => Document(
        "Budget",
        "Money that may be spent on models.",
        ["scope", "max"],
        ("scope", Words(BudgetParser.Scopes)),
        ("of", Text("The agent or the task, for budgets of these.")),
        ("max", Say(Number(), "The most, included, USD.")),
        ("window", Say(Pattern(Duration), "A sliding window, for example P1D; without it, for ever.")));

    private static JsonObject Group() => Document(
        "Group", "Agents or persons under one name, for rules to name.", ["members"], ("members", Texts("Names of agents or persons; neither groups nor wildcards.")));

    private static JsonObject Notifier() => With(
        Document(
            "Notifier",
            "Who is told when a call waits for a person: a program or a web address.",
            [],
            ("command", Say(new JsonObject { ["type"] = "array", ["minItems"] = 1, ["items"] = new JsonObject { ["type"] = "string" } }, "A program and its arguments; it reads the notice as JSON.")),
            ("webhook", Pattern("^https?://[^@]+$")),
            ("secret", Say(Pattern("^[a-z]+:.+$"), "A reference such as env:NAME, sent as a bearer token."))),
        new JsonObject { ["oneOf"] = new JsonArray(Required("command"), Required("webhook")) });

    private static JsonObject Provider() => Document(
        "Provider",
        "Where models are called, and by which protocol.",
        ["protocol"],
        ("protocol", new JsonObject { ["enum"] = new JsonArray([.. ProviderKinds.All.Select(kind => JsonValue.Create(kind))]) }),
        ("uri", Say(Pattern("^https?://.+$"), "The endpoint's base address; without it, the vendor's own.")),
        ("secret", Say(Pattern("^[a-z]+:.+$"), "A reference such as env:NAME or vault:NAME, never the secret itself.")),
        ("proxy", Pattern("^https?://.+$")),
        ("clearance", Text("The most secret data class that may be sent there.")),
        ("headers", new JsonObject { ["type"] = "object", ["additionalProperties"] = new JsonObject { ["type"] = "string" } }),
        ("options", Say(new JsonObject { ["type"] = "object" }, "What belongs to the protocol alone, for example the scenario of a simulated provider.")),
        ("terms", Say(
            Object(
                [],
                ("credit", Number()),
                ("creditExpires", Pattern(Time)),
                ("creditModels", Texts("Models that the credit is good for.")),
                ("creditExcludedModels", Texts("Models that it is not good for.")),
                ("prepaidOnly", Boolean()),
                ("discount", Number()),
                ("commitment", Number()),
                ("commitmentEnds", Pattern(Time))),
            "Credit, discount and commitment; amounts in USD, the discount from 0 to 1.")));

    private static JsonObject Route() => Document(
        "Route",
        "Which model a prompt goes to.",
        ["targets"],
        ("objective", Words(RouteParser.Objectives)),
        ("minimumQuality", Say(Number(), "The least predicted quality that counts as capable, 0 to 1.")),
        ("qualityModel", Say(
            Object(["file", "digest"], ("file", Text("The full path.")), ("digest", Pattern("^[0-9a-fA-F]{64}$"))),
            "A file that Measure-AgentOpsRouter wrote, and its SHA-256: predicts from a prompt's text how well each model answers it.")),
        ("regions", Texts("The only regions allowed.")),
        ("maximumLatency", Pattern(Duration)),
        ("targets", new JsonObject
        {
            ["type"] = "array",
            ["minItems"] = 1,
            ["items"] = Object(
                ["provider", "model"],
                ("provider", Text("A provider's name.")),
                ("model", Text("The model, as the provider calls it.")),
                ("region", Text("Where it runs.")),
                ("clearance", Text("The most secret data class that may be sent there.")),
                ("contextTokens", Whole(1)),
                ("quality", Number()),
                ("latency", Pattern(Duration)),
                ("weight", Number()),
                ("price", Say(Object(["input", "output"], ("input", Number()), ("output", Number()), ("cachedInput", Number()), ("cacheWrite", Number())), "USD per million tokens."))),
        }));

    private static JsonObject Required(string name) => new() { ["required"] = new JsonArray(name) };
}
