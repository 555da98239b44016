using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Permissions;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Serialization;
using AgentOps.Engine.Tools;

namespace AgentOps.Engine.Memories;

/// <summary>What a tool of the kind <see cref="ToolKind.Memory"/> is set to: <c>{operation, shared}</c>.</summary>
/// <param name="Operation">What it does.</param>
/// <param name="IsShared">Whether its facts are those that all persons share for whom the agent acts, instead of the person's own.</param>
public sealed record MemoryTool(MemoryOperation Operation, bool IsShared)
{
    /// <summary>The parameter that names a fact.</summary>
    public const string NameParameter = "Name";

    /// <summary>The parameter that holds a fact's value.</summary>
    public const string ValueParameter = "Value";

    private const string NamePattern = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";

    /// <summary>The parameters of such a tool.</summary>
    public IReadOnlyList<ToolParameter> Parameters => Operation switch
    {
        MemoryOperation.Remember => [Name(true, "The fact's name: letters, digits, '-', '_' and '.'. One that is there is replaced."), Value],
        MemoryOperation.Forget => [Name(true, "The fact's name.")],
        _ => [Name(false, "The fact's name; without it, the names of all facts are listed.")],
    };

    /// <summary>What the model is told of it.</summary>
    public string Description => Operation switch
    {
        MemoryOperation.Remember => "Keeps a named fact for later sessions.",
        MemoryOperation.Forget => "Drops a fact that was kept.",
        _ => "Recalls a fact that was kept in this session or an earlier one.",
    };

    /// <summary>What a call does where the administrator says nothing: to recall changes nothing.</summary>
    public SideEffect SideEffect => Operation == MemoryOperation.Recall ? SideEffect.None : SideEffect.Irreversible;

    /// <summary>The settings that a tool's definition carries.</summary>
    public JsonElement ToSettings()
    {
        using var document = JsonDocument.Parse(new JsonObject().With("operation", Operation.ToString().ToLowerInvariant()).With("shared", IsShared).ToJsonString());
        return document.RootElement.Clone();
    }

    /// <summary>Reads what <see cref="ToSettings"/> wrote; null where the operation is none.</summary>
    public static MemoryTool? FromSettings(JsonElement settings) =>
        settings.ValueKind == JsonValueKind.Object && Enum.TryParse<MemoryOperation>(settings.Text("operation"), ignoreCase: true, out var operation) && Enum.IsDefined(operation)
            ? new MemoryTool(operation, settings.Flag("shared"))
            : null;

    private static ToolParameter Value => new(ValueParameter, ParameterType.String, IsMandatory: true, Description: FormattableString.Invariant($"What is to be kept, at most {MemoryLimits.MaxValueBytes} bytes."));

    private static ToolParameter Name(bool isMandatory, string description) => new(NameParameter, ParameterType.String, isMandatory, Pattern: NamePattern, Description: description);
}
