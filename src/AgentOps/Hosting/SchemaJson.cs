using System.Collections;
using System.Management.Automation;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Errors;

namespace AgentOps.Hosting;

/// <summary>A JSON Schema as a user gives it: JSON text, or a hashtable.</summary>
internal static class SchemaJson
{
    /// <summary>The schema as JSON.</summary>
    /// <exception cref="AgentOpsException"><c>OutputSchemaInvalid</c>.</exception>
    public static JsonObject Of(object schema)
    {
        var plain = schema is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : schema;
        return plain switch
        {
            IDictionary table => HashtableJson.ToSchema(table),
            string text => Parse(text),
            _ => throw new AgentOpsException(ErrorCodes.OutputSchemaInvalid, $"A schema is JSON text or a hashtable, not a value of type {plain.GetType().Name}."),
        };
    }

    private static JsonObject Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject ?? throw new AgentOpsException(ErrorCodes.OutputSchemaInvalid, "The schema is JSON, but no object.");
        }
        catch (JsonException fault)
        {
            var hint = File.Exists(text) ? " It is the name of a file: give its text, with Get-Content -Raw." : string.Empty;
            throw new AgentOpsException(ErrorCodes.OutputSchemaInvalid, $"The schema is no JSON: {fault.Message}{hint}", innerException: fault);
        }
    }
}
