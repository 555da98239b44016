using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Memories;
using AgentOps.Engine.Serialization;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Permissions;
using AgentOps.Engine.Tools.Isolation;
using AgentOps.Engine.Verification;

namespace AgentOps.Engine.Tools;

/// <summary>A tool as registered: what the model sees of it, what it does to the world, and how it runs.</summary>
public sealed record ToolDefinition
{
    /// <summary>Name, unique in the workspace without regard to case; letters, digits, <c>-</c> and <c>_</c>, at most 64.</summary>
    public required string Name { get; init; }

    /// <summary>How it runs.</summary>
    public required ToolKind Kind { get; init; }

    /// <summary>The parameter of which a record holds no more than the length, because a payload can be erased and a record can't; null for none.</summary>
    internal string? WithheldParameter => Kind == ToolKind.Memory ? MemoryTool.ValueParameter : null;

    /// <summary>What the model is told that it does.</summary>
    public string Description { get; init; } = string.Empty;

    /// <summary>The parameters, in order; the model can pass no others.</summary>
    public IReadOnlyList<ToolParameter> Parameters { get; init; } = [];

    /// <summary>What a call does to the world.</summary>
    public SideEffect SideEffect { get; init; } = SideEffect.Irreversible;

    /// <summary>For <see cref="SideEffect.Reversible"/>: the tool that changes it back.</summary>
    public string? Compensation { get; init; }

    /// <summary>Longest run of one call.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Most bytes of output that are kept, counted in UTF-8.</summary>
    public int MaxOutputBytes { get; init; } = 65_536;

    /// <summary>What it demands of its isolation, and what it is given in spite of it.</summary>
    public ToolIsolation Isolation { get; init; } = ToolIsolation.Default;

    /// <summary>The data that it touches, as permissions name it.</summary>
    public ToolData Data { get; init; } = ToolData.None;

    /// <summary>What only its kind needs, for example a program and its arguments. See the executor of the kind.</summary>
    public JsonElement Settings { get; init; }

    /// <summary>The hard bounds of its calls, which no model's words can move; the model is not shown them.</summary>
    public ConstraintSet Constraints { get; init; } = ConstraintSet.Empty;

    /// <summary>The resource that permissions name.</summary>
    public string Resource => "tool:" + Name;

    /// <summary>
    /// SHA-256, in hex, over all that the model sees and all that runs: a permission pinned to it does not survive a change.
    /// </summary>
    public string Digest => ToolSchema.Digest(this);

    /// <summary>The same tool, whose calls tell the server which agent makes them, with a signed token.</summary>
    /// <param name="audience">For whom the token is; null for the address' scheme, host and port.</param>
    public ToolDefinition WithIdentity(string? audience)
    {
        using var settings = JsonDocument.Parse(JsonObject.Create(Settings.Clone())!.With("identity", true).With("audience", audience).ToJsonString());
        return this with { Settings = settings.RootElement.Clone() };
    }

    /// <summary>The canonical JSON that a ledger record carries.</summary>
    public JsonObject ToJson()
    {
        var parameters = new JsonArray();
        foreach (var parameter in Parameters)
        {
            parameters.Add((JsonNode)ToolSchema.ParameterToJson(parameter));
        }

        return new JsonObject()
            .With("name", Name)
            .With("kind", Kind.ToString())
            .With("description", Description)
            .With("parameters", parameters)
            .With("sideEffect", SideEffect.ToString())
            .With("compensation", Compensation)
            .With("timeout", (TimeSpan?)Timeout)
            .With("maxOutputBytes", MaxOutputBytes)
            .With("isolation", Isolation.ToJson())
            .With("data", Data.ToJson())
            .With("settings", Settings.ValueKind == JsonValueKind.Object ? JsonObject.Create(Settings.Clone()) : null)
            .With("constraints", Constraints.ToJson());
    }

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    public static ToolDefinition FromJson(JsonElement element)
    {
        var defaults = new ToolDefinition { Name = string.Empty, Kind = ToolKind.Process };
        var parameters = element.Items("parameters").Select(ToolSchema.ParameterFromJson).ToArray();
        return new ToolDefinition
        {
            Name = element.RequiredText("name"),
            Kind = element.RequiredEnum<ToolKind>("kind"),
            Description = element.Text("description") ?? string.Empty,
            Parameters = parameters,
            SideEffect = element.RequiredEnum<SideEffect>("sideEffect"),
            Compensation = element.Text("compensation"),
            Timeout = element.Milliseconds("timeout") ?? defaults.Timeout,
            MaxOutputBytes = (int)(element.Integer("maxOutputBytes") ?? defaults.MaxOutputBytes),
            Isolation = ToolIsolation.FromJson(element.Object("isolation")),
            Data = ToolData.FromJson(element.Object("data")),
            Settings = element.Object("settings")?.Clone() ?? default,
            Constraints = element.Member("constraints") is { } constraints ? ConstraintSet.FromJson(constraints, parameters) : ConstraintSet.Empty,
        };
    }
}
