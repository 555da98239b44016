using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Tools;

namespace AgentOps.Hosting;

/// <summary>The settings of a Command tool.</summary>
/// <param name="Name">The command.</param>
/// <param name="ParameterSet">The parameter set; null for the default.</param>
/// <param name="Module">The module that the command comes from; null for PowerShell's own.</param>
internal sealed record CommandTool(string Name, string? ParameterSet, string? Module)
{
    public static CommandTool From(ToolDefinition tool) => new(
        Text(tool.Settings, "name") ?? tool.Name, Text(tool.Settings, "parameterSet"), Text(tool.Settings, "module"));

    public JsonElement ToSettings()
    {
        var json = new JsonObject { ["name"] = Name };
        if (ParameterSet is not null)
        {
            json["parameterSet"] = ParameterSet;
        }

        if (Module is not null)
        {
            json["module"] = Module;
        }

        using var document = JsonDocument.Parse(json.ToJsonString());
        return document.RootElement.Clone();
    }

    private static string? Text(JsonElement settings, string name) =>
        settings.ValueKind == JsonValueKind.Object && settings.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
