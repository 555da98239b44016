using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Configuration;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Permissions;
using YamlDotNet.RepresentationModel;

namespace AgentOps.Engine.Verification;

/// <summary>The constraints of one tool, with the form in which they were declared and are recorded.</summary>
public sealed class ConstraintSet
{
    private const string Key = "constraints";

    private readonly JsonArray? _declared;

    private ConstraintSet(IReadOnlyList<TransactionConstraint> items, JsonArray? declared)
    {
        Items = items;
        _declared = declared;
    }

    /// <summary>No constraints.</summary>
    public static ConstraintSet Empty { get; } = new([], null);

    /// <summary>The constraints, in the order in which they are declared.</summary>
    public IReadOnlyList<TransactionConstraint> Items { get; }

    /// <summary>As declared, for the ledger; null when there are none.</summary>
    public JsonArray? ToJson() => (JsonArray?)_declared?.DeepClone();

    /// <summary>Reads the key <c>constraints</c> of a tool's document. Errors are recorded at their place.</summary>
    /// <param name="document">The tool.</param>
    /// <param name="parameters">Its parameters.</param>
    internal static ConstraintSet Parse(YamlMap document, IReadOnlyList<ToolParameter> parameters) =>
        document.Get(Key) is { } declared && new ConstraintParser(parameters).Parse(document) is { Count: > 0 } items
            ? new ConstraintSet(items, declared.ToJson() as JsonArray)
            : Empty;

    /// <summary>Reads a list of constraints as JSON, in the same language.</summary>
    /// <param name="declared">The list.</param>
    /// <param name="parameters">The tool's parameters.</param>
    /// <exception cref="AgentOpsException"><see cref="ErrorCodes.InvalidConfiguration"/>, listing every error.</exception>
    public static ConstraintSet Read(JsonArray declared, IReadOnlyList<ToolParameter> parameters)
    {
        var errors = new YamlErrors();
        var set = Read(declared, parameters, errors);
        errors.ThrowIfAny();
        return set;
    }

    /// <summary>Reads what <see cref="ToJson"/> wrote. What this version can't read refuses every call.</summary>
    internal static ConstraintSet FromJson(JsonElement declared, IReadOnlyList<ToolParameter> parameters)
    {
        var errors = new YamlErrors();
        var list = JsonArray.Create(declared.Clone()) ?? [];
        var set = Read(list, parameters, errors);
        return errors.Count == 0 ? set : new ConstraintSet([new UnknownConstraint(Key)], list);
    }

    private static ConstraintSet Read(JsonArray declared, IReadOnlyList<ToolParameter> parameters, YamlErrors errors)
    {
        using var json = JsonDocument.Parse(new JsonObject { [Key] = declared.DeepClone() }.ToJsonString());
        var scope = new YamlScope("-Constraint", errors);
        var set = Parse(scope.Open(string.Empty, (YamlMappingNode)YamlJson.Convert(json.RootElement)), parameters);
        scope.ReportUnknownKeys();
        return set;
    }
}
