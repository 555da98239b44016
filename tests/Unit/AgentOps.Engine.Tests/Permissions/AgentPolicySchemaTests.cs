using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AgentOps.Engine.Configuration;
using AgentOps.Engine.Permissions;

namespace AgentOps.Engine.Tests.Permissions;

public sealed class AgentPolicySchemaTests
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The shipped file is what the code says; with AGENTOPS_UPDATE=1 the test writes it.</summary>
    [Fact]
    public void The_shipped_schema_is_generated_from_the_code()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "AgentOps.slnx")))
        {
            folder = folder.Parent;
        }

        Assert.NotNull(folder);
        var path = Path.Combine(folder.FullName, "module", "schemas", "AgentPolicy.schema.json");
        var text = AgentPolicySchema.Create().ToJsonString(Indented).ReplaceLineEndings("\n") + "\n";
        if (Environment.GetEnvironmentVariable("AGENTOPS_UPDATE") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }

        Assert.Equal(text, File.ReadAllText(path));
    }

    [Fact]
    public void Whatever_the_language_can_say_the_schema_takes()
    {
        var schema = AgentPolicySchema.Create();
        var random = new Random(1);
        for (var i = 0; i < 2_000; i++)
        {
            var rule = PolicyCase.Rule(random, "r" + i).ToJson();
            var subjects = rule["subjects"]?.DeepClone() ?? new JsonObject();
            rule.Remove("subjects");
            var validity = rule["validity"]?.DeepClone() ?? new JsonObject();
            rule.Remove("validity");
            var document = new JsonObject
            {
                ["apiVersion"] = "agentops/v1",
                ["kind"] = "AgentPolicy",
                ["name"] = "p",
                ["subjects"] = subjects,
                ["validity"] = validity,
                ["rules"] = new JsonArray(rule.DeepClone()),
            };
            Assert.True(Fits(schema, document), document.ToJsonString());

            // JSON is YAML: the parser takes the same document.
            _ = new YamlDocumentReader([new AgentPolicyParser()]).Read(document.ToJsonString(Indented).Replace("\\u0301", "x", StringComparison.Ordinal), "p.json");
        }
    }

    [Theory]
    [InlineData("""{"id":"a","effect":"permit","resources":["tool:T"],"efect":1}""")]
    [InlineData("""{"id":"a","effect":"allow","resources":["tool:T"]}""")]
    [InlineData("""{"id":"a","effect":"permit","resources":[]}""")]
    [InlineData("""{"id":"a","effect":"permit","resources":["T"]}""")]
    [InlineData("""{"id":"a","effect":"require","resources":["tool:T"]}""")]
    [InlineData("""{"id":"a","effect":"permit","resources":["tool:T"],"obligations":[{"approval":{}}]}""")]
    [InlineData("""{"id":"a","effect":"permit","resources":["tool:T"],"args":{"X":{"type":"decimal","max":0.5}}}""")]
    [InlineData("""{"id":"a","effect":"permit","resources":["tool:T"],"args":{"X":{"type":"array","items":{"type":"array","items":{"type":"string"}}}}}""")]
    [InlineData("""{"id":"a","effect":"permit","resources":["tool:T"],"when":[{"fact":"session.tain","is":"x"}]}""")]
    [InlineData("""{"id":"a","effect":"permit","resources":["tool:T"],"when":[{"fact":"session.taint","anyOf":["x"],"noneOf":["y"]}]}""")]
    [InlineData("""{"id":"a","effect":"require","resources":["tool:T"],"obligations":[{"limit":{"key":"session","sum":"calls","max":1}}]}""")]
    public void What_the_parser_refuses_the_schema_refuses(string rule)
    {
        var document = JsonNode.Parse("""{"apiVersion":"agentops/v1","kind":"AgentPolicy","name":"p","subjects":{"agents":["a"]},"rules":[]}""")!;
        document["rules"]!.AsArray().Add(JsonNode.Parse(rule));
        Assert.False(Fits(AgentPolicySchema.Create(), document));
        Assert.ThrowsAny<Exception>(() => PolicySet.Compile(
            ((AgentPolicy)new YamlDocumentReader([new AgentPolicyParser()]).Read(document.ToJsonString(), "p.json")[0].Value).Rules, PolicyContext.Default));
    }

    /// <summary>The part of draft 7 that the schema uses.</summary>
    private static bool Fits(JsonObject schema, JsonNode? value)
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

        if (schema["minimum"] is { } least && kind == JsonValueKind.Number && value!.GetValue<int>() < least.GetValue<int>())
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
