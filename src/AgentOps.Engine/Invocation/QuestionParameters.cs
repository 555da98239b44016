using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Permissions;
using AgentOps.Engine.Tools;

namespace AgentOps.Engine.Invocation;

/// <summary>The parameters of an Ask tool.</summary>
public static class QuestionParameters
{
    /// <summary>The question alone where the tool has a form of its own; else also a form that the model makes.</summary>
    public static IReadOnlyList<ToolParameter> Of(bool hasForm)
    {
        var question = new ToolParameter(Question.QuestionParameter, ParameterType.String, IsMandatory: true, Description: "What the person is asked.");
        return hasForm
            ? [question]
            : [question, new ToolParameter(Question.FormParameter, ParameterType.Object, Description: "A JSON Schema of type object for the answer, with flat properties; without it the answer is one text.")];
    }

    /// <summary>The fields of a form as a tool's settings have them: by name, what is known of each.</summary>
    public static JsonObject WriteForm(IReadOnlyList<ToolParameter> fields)
    {
        var form = new JsonObject();
        foreach (var field in fields)
        {
            var json = ToolSchema.ParameterToJson(field);
            json.Remove("name");
            form[field.Name] = json;
        }

        return form;
    }

    /// <summary>The JSON Schema of a form that <see cref="WriteForm"/> wrote.</summary>
    internal static string Schema(JsonElement form) => ToolSchema.ToJsonSchema(form.EnumerateObject().Select(field =>
    {
        var json = JsonNode.Parse(field.Value.GetRawText())!.AsObject();
        json["name"] = field.Name;
        using var document = JsonDocument.Parse(json.ToJsonString());
        return ToolSchema.ParameterFromJson(document.RootElement);
    }).ToArray()).ToJsonString();
}
