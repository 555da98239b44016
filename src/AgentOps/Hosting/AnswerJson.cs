using System.Collections;
using System.Management.Automation;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentOps.Hosting;

/// <summary>A person's answer as the JSON object that a form asks for.</summary>
internal static class AnswerJson
{
    /// <summary>A table as an object, anything else as the field <c>Answer</c>; null for no answer.</summary>
    public static JsonElement? Of(object? answer)
    {
        if (answer is null)
        {
            return null;
        }

        var value = answer is PSObject wrapped ? wrapped.BaseObject : answer;
        var json = value is IDictionary table ? HashtableJson.ToObject(table) : new JsonObject { ["Answer"] = value.ToString() };
        using var document = JsonDocument.Parse(json.ToJsonString());
        return document.RootElement.Clone();
    }
}
