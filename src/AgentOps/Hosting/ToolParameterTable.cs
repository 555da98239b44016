using System.Collections;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Permissions;
using AgentOps.Engine.Tools;

namespace AgentOps.Hosting;

/// <summary>
/// Parameters of a program or an address as a user writes them: <c>@{ Host = @{ type = 'string'; mandatory = $true } }</c>, or
/// short, <c>@{ Host = 'string' }</c>.
/// </summary>
internal static class ToolParameterTable
{
    private static readonly string[] Keys = ["type", "mandatory", "in", "pattern", "min", "max", "description"];

    public static IReadOnlyList<ToolParameter> Read(Hashtable? table)
    {
        var parameters = new List<ToolParameter>();
        foreach (var (name, node) in HashtableJson.ToObject(table ?? []).OrderBy(pair => pair.Key, StringComparer.OrdinalIgnoreCase))
        {
            parameters.Add(Read(name, node as JsonObject ?? new JsonObject { ["type"] = node?.DeepClone() }));
        }

        return parameters;
    }

    private static ToolParameter Read(string name, JsonObject given)
    {
        var unknown = given.Select(pair => pair.Key).FirstOrDefault(key => !Keys.Contains(key, StringComparer.OrdinalIgnoreCase));
        if (unknown is not null)
        {
            throw Wrong($"'{unknown}' is no key of the parameter '{name}'; known: {string.Join(", ", Keys)}", name);
        }

        var json = new JsonObject { ["name"] = name, ["type"] = "string" };
        foreach (var (key, value) in given)
        {
            json[key.ToLowerInvariant()] = value?.DeepClone();
        }

        try
        {
            using var document = JsonDocument.Parse(json.ToJsonString());
            return ToolSchema.ParameterFromJson(document.RootElement);
        }
        catch (JsonException exception)
        {
            throw Wrong($"the parameter '{name}' is not understood: {exception.Message.TrimEnd('.')}", name);
        }
    }

    private static AgentOpsException Wrong(string what, string name) => new(ErrorCodes.ToolInvalid, $"The tool can't be registered: {what}.", name);
}
