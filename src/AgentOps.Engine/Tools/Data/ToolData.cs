using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Permissions;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Routing;
using AgentOps.Engine.Serialization;

namespace AgentOps.Engine.Tools;

/// <summary>
/// The data that a tool reads or writes, as permissions name it (<c>data:PATH</c>), and how secret what it answers is. A tool that
/// declares data needs a permit for the data besides the one for itself.
/// </summary>
public sealed record ToolData
{
    /// <summary>Nothing declared.</summary>
    public static ToolData None { get; } = new();

    /// <summary>The data class of what it answers: <c>public</c>, <c>internal</c>, <c>confidential</c> or <c>secret</c>.</summary>
    public string Class { get; init; } = DataClasses.Default;

    /// <summary>Names of data that every call touches, without <c>data:</c>.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];

    /// <summary>
    /// Folders by the name of the data in them. Where there are any, each argument of the type path must lead to one of them, and
    /// the call touches the name with the rest of the path.
    /// </summary>
    public IReadOnlyDictionary<string, string> Roots { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether nothing is declared.</summary>
    public bool IsNone => Class == DataClasses.Default && Paths.Count == 0 && Roots.Count == 0;

    /// <summary>What is wrong with it; null when nothing is.</summary>
    public string? Problem()
    {
        if (!DataClasses.All.Contains(Class))
        {
            return $"its data class '{Class}' is none of {string.Join(", ", DataClasses.All)}";
        }

        foreach (var name in Paths.Concat(Roots.Keys))
        {
            if (!ResourceName.IsName(ResourceKind.Data, name, wildcards: false, out var problem))
            {
                return problem;
            }
        }

        return Roots.Values.FirstOrDefault(root => !Path.IsPathFullyQualified(root)) is { } relative ? $"the folder '{relative}' of its data is no absolute path" : null;
    }

    internal JsonObject? ToJson()
    {
        if (IsNone)
        {
            return null;
        }

        var json = new JsonObject().With("class", Class).With("paths", Paths);
        if (Roots.Count > 0)
        {
            json["roots"] = new JsonObject(Roots.OrderBy(root => root.Key, StringComparer.Ordinal).Select(root => KeyValuePair.Create(root.Key, (JsonNode?)root.Value)));
        }

        return json;
    }

    internal static ToolData FromJson(JsonElement? element) => element is not { } json ? None : new ToolData
    {
        Class = json.Text("class") ?? DataClasses.Default,
        Paths = json.Strings("paths"),
        Roots = json.Object("roots") is { } roots
            ? roots.EnumerateObject().ToDictionary(root => root.Name, root => root.Value.GetString() ?? string.Empty, StringComparer.Ordinal)
            : None.Roots,
    };
}
