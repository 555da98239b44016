using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Invocation;

namespace AgentOps.Engine.Tests.Invocation;

/// <summary>The validator against the standard's own test suite: each schema is either checked as the suite says, or refused when it is read.</summary>
public sealed class JsonSchemaSuiteTests
{
    // Schemas that the validator refuses to read: other documents, anchors, and keywords that it does not know.
    private const int RefusedAtMost = 60;

    public static TheoryData<string> Files => new(Names());

    [Theory]
    [MemberData(nameof(Files))]
    public void A_schema_is_checked_as_the_suite_says(string file)
    {
        foreach (var group in Groups(file))
        {
            if (Read(group) is not { } schema)
            {
                continue;
            }

            foreach (var test in group.GetProperty("tests").EnumerateArray())
            {
                var fits = schema.TryRead(test.GetProperty("data").GetRawText(), out _, out var problem);
                Assert.True(fits == test.GetProperty("valid").GetBoolean(), $"{file}: {group.GetProperty("description")}: {test.GetProperty("description")}: {problem}");
            }
        }
    }

    [Fact]
    public void Few_schemas_of_the_suite_are_refused()
    {
        var all = Names().SelectMany(Groups).ToArray();

        Assert.InRange(all.Count(group => Read(group) is null), 1, RefusedAtMost);
        Assert.InRange(all.Length, 180, 1000);
    }

    private static AnswerSchema? Read(JsonElement group)
    {
        try
        {
            // A schema that is true or false stands for one with it as its only part.
            var schema = JsonNode.Parse(group.GetProperty("schema").GetRawText())!;
            return AnswerSchema.Parse(schema as JsonObject ?? new JsonObject { ["allOf"] = new JsonArray(schema) });
        }
        catch (AgentOpsException fault) when (fault.Code == ErrorCodes.OutputSchemaInvalid)
        {
            return null;
        }
    }

    private static JsonElement[] Groups(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder(), file)));
        return [.. document.RootElement.Clone().EnumerateArray()];
    }

    private static string[] Names() => [.. Directory.EnumerateFiles(Folder(), "*.json").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private static string Folder()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "AgentOps.slnx")))
        {
            root = root.Parent ?? throw new DirectoryNotFoundException("The repository is not above the tests.");
        }

        return Path.Combine(root.FullName, "tests/Unit/AgentOps.Engine.Tests/Invocation/JsonSchemaSuite");
    }
}
