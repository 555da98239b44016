using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace AgentOps.Engine.Tests.Configuration;

/// <summary>JSON Schemas as they are shipped, and whether a document fits one.</summary>
internal static class ShippedSchema
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The shipped file is what the code says; with AGENTOPS_UPDATE=1 it is written.</summary>
    public static void Check(string kind, JsonObject schema)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "AgentOps.slnx")))
        {
            folder = folder.Parent;
        }

        Assert.NotNull(folder);
        var path = Path.Combine(folder.FullName, "module", "schemas", $"{kind}.schema.json");
        var text = schema.ToJsonString(Indented).ReplaceLineEndings("\n") + "\n";
        if (Environment.GetEnvironmentVariable("AGENTOPS_UPDATE") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }

        Assert.Equal(text, File.ReadAllText(path));
    }

    /// <summary>The part of draft 7 that the schema uses.</summary>
    public static bool Fits(JsonObject schema, JsonNode? value)
    {
        var kind = value?.GetValueKind() ?? JsonValueKind.Null;
        if (schema["const"] is { } only && !JsonNode.DeepEquals(only, value))
        {
            return false;
        }

        if (schema["enum"] is JsonArray words && !words.Any(word => JsonNode.DeepEquals(word, value)))
        {
            return false;
        }

        if (schema["type"] is { } type && !(type is JsonArray many ? many.Select(one => one!.GetValue<string>()) : [type.GetValue<string>()]).Any(one => one switch
        {
            "object" => kind == JsonValueKind.Object,
            "array" => kind == JsonValueKind.Array,
            "string" => kind == JsonValueKind.String,
            "boolean" => kind is JsonValueKind.True or JsonValueKind.False,
            _ => kind == JsonValueKind.Number && !value!.ToJsonString().Contains('.', StringComparison.Ordinal),
        }))
        {
            return false;
        }

        if (schema["pattern"] is { } pattern && kind == JsonValueKind.String && !Regex.IsMatch(value!.GetValue<string>(), pattern.GetValue<string>(), RegexOptions.ECMAScript))
        {
            return false;
        }

        if (schema["minimum"] is { } least && kind == JsonValueKind.Number && JsonNode.Parse(value!.ToJsonString())!.GetValue<long>() < least.GetValue<int>())
        {
            return false;
        }

        if (value is JsonArray items)
        {
            if (items.Count < (schema["minItems"]?.GetValue<int>() ?? 0) || (schema["items"] is JsonObject each && items.Any(item => !Fits(each, item))))
            {
                return false;
            }
        }

        if (value is JsonObject members)
        {
            var properties = schema["properties"] as JsonObject;
            if (members.Count < (schema["minProperties"]?.GetValue<int>() ?? 0) || members.Count > (schema["maxProperties"]?.GetValue<int>() ?? int.MaxValue)
                || (schema["required"] is JsonArray required && required.Any(name => !members.ContainsKey(name!.GetValue<string>()))))
            {
                return false;
            }

            foreach (var (name, member) in members)
            {
                var fits = properties?[name] is JsonObject known ? Fits(known, member)
                    : schema["additionalProperties"] switch { JsonObject other => Fits(other, member), JsonValue allowed => allowed.GetValue<bool>(), _ => true };
                if (!fits)
                {
                    return false;
                }
            }
        }

        if (schema["oneOf"] is JsonArray options && options.Count(option => Fits((JsonObject)option!, value)) != 1)
        {
            return false;
        }

        if (schema["not"] is JsonObject never && Fits(never, value))
        {
            return false;
        }

        return schema["if"] is not JsonObject condition || ((Fits(condition, value) ? schema["then"] : schema["else"]) as JsonObject) is not { } branch || Fits(branch, value);
    }
}
