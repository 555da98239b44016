using System.Diagnostics;
using System.Text.Json.Nodes;
using AgentOps.Engine.Invocation;
using AgentOps.Engine.Tests.Tools;

namespace AgentOps.Engine.Tests.Invocation;

/// <summary>The validator of answers against one that others wrote (ajv), over schemas and values made at random.</summary>
public sealed class AnswerSchemaOracleTests
{
    private const int Cases = 5_000;
    private static readonly string[] Names = ["a", "b", "a/b", "é"];
    private static readonly string[] Types = ["null", "boolean", "integer", "number", "string", "array", "object"];
    private readonly Random _random = new(2020);

    [AjvFact]
    public async Task Values_fit_where_another_validator_says_that_they_fit()
    {
        var pairs = Enumerable.Range(0, Cases).Select(_ => (Schema: Root(), Value: Value(3))).ToArray();
        var file = Path.GetTempFileName();
        await File.WriteAllLinesAsync(file, pairs.Select(pair => new JsonObject { ["schema"] = pair.Schema.DeepClone(), ["value"] = pair.Value?.DeepClone() }.ToJsonString()));
        using var node = Process.Start(new ProcessStartInfo("node", [Path.Combine(McpFactAttribute.Folder, "ajv.mjs"), file]) { RedirectStandardOutput = true })!;
        var said = (await node.StandardOutput.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(bool.Parse).ToArray();
        File.Delete(file);
        Assert.Equal(Cases, said.Length);
        Assert.InRange(said.Count(fits => fits), Cases / 5, Cases * 4 / 5);
        foreach (var ((schema, value), fits) in pairs.Zip(said))
        {
            var text = value?.ToJsonString() ?? "null";
            Assert.True(AnswerSchema.Parse(schema).TryRead(text, out _, out var problem) == fits, $"{schema.ToJsonString()} {text}: {(fits ? problem : "fits")}");
        }
    }

    private JsonObject Root()
    {
        var root = Schema(3);
        root["$defs"] = new JsonObject { ["x/y"] = Schema(0), ["z"] = Schema(0) };
        return root;
    }

    private JsonObject Schema(int depth)
    {
        var schema = new JsonObject();
        for (var i = _random.Next(1, 4); i > 0; i--)
        {
            var (keyword, value) = Keyword(depth);
            schema[keyword] = value;
        }

        return schema;
    }

    private JsonNode Either(int depth) => _random.Next(6) switch
    {
        0 => JsonValue.Create(true),
        1 => JsonValue.Create(false),
        _ => Schema(depth),
    };

    private (string Keyword, JsonNode Value) Keyword(int depth) => _random.Next(depth > 0 ? 24 : 15) switch
    {
        0 or 1 => ("type", Types[_random.Next(Types.Length)]),
        2 => ("type", new JsonArray(Types[_random.Next(3)], Types[3 + _random.Next(4)])),
        3 => ("enum", new JsonArray(Value(1), "other")),
        4 => ("const", Value(1) ?? 0),
        5 => ("minimum", Number()),
        6 => ("exclusiveMaximum", Number()),
        7 => ("multipleOf", _random.Next(1, 4)),
        8 => ("maxLength", _random.Next(3)),
        9 => ("minLength", _random.Next(3)),
        10 => ("pattern", new[] { "a", "^a", "b$", "^[a-b]{1,2}$" }[_random.Next(4)]),
        11 => ("required", new JsonArray(Names[_random.Next(Names.Length)])),
        12 => (_random.Next(2) == 0 ? "minItems" : "minProperties", _random.Next(3)),
        13 => (_random.Next(2) == 0 ? "maxItems" : "maxProperties", _random.Next(3)),
        14 => ("uniqueItems", _random.Next(2) == 0),
        15 => ("items", Either(depth - 1)),
        16 => ("prefixItems", new JsonArray(Either(depth - 1), Either(depth - 1))),
        17 or 18 => ("properties", new JsonObject { [Names[_random.Next(2)]] = Either(depth - 1), [Names[2 + _random.Next(2)]] = Either(depth - 1) }),
        19 => ("additionalProperties", Either(depth - 1)),
        20 => ("not", Schema(depth - 1)),
        21 => (_random.Next(2) == 0 ? "anyOf" : "allOf", new JsonArray(Either(depth - 1), Either(depth - 1))),
        22 => ("oneOf", new JsonArray(Either(depth - 1), Either(depth - 1), Either(depth - 1))),
        _ => ("$ref", _random.Next(2) == 0 ? "#/$defs/x~1y" : "#/$defs/z"),
    };

    private JsonValue Number() => _random.Next(3) == 0 ? JsonValue.Create(_random.Next(-2, 4) + 0.5m) : JsonValue.Create(_random.Next(-2, 4));

    private JsonNode? Value(int depth) => _random.Next(depth > 0 ? 8 : 5) switch
    {
        0 => null,
        1 => JsonValue.Create(_random.Next(2) == 0),
        2 => Number(),
        3 or 4 => JsonValue.Create(new[] { "", "a", "ab", "bab", "😀b", "é" }[_random.Next(6)]),
        5 or 6 => new JsonObject(Names.Where(_ => _random.Next(2) == 0).Select(name => KeyValuePair.Create(name, Value(depth - 1)))),
        _ => new JsonArray([.. Enumerable.Range(0, _random.Next(4)).Select(_ => Value(depth - 1))]),
    };
}
