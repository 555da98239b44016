using System.Text.Json.Nodes;
using AgentOps.Engine.Configuration;
using YamlDotNet.RepresentationModel;

namespace AgentOps.Engine.Tests.Configuration;

/// <summary>The schemas that editors use are those of the code, and agree with the parsers.</summary>
public sealed class DocumentSchemasTests
{
    public static TheoryData<string> Kinds => [.. DocumentSchemas.All().Select(schema => schema.Key)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_shipped_schema_is_generated_from_the_code(string kind) =>
        ShippedSchema.Check(kind, DocumentSchemas.All().Single(schema => schema.Key == kind).Value);

    [Fact]
    public void Every_kind_that_is_read_has_a_schema() =>
        Assert.Equal(ConfigurationSet.Kinds.Order(StringComparer.Ordinal), DocumentSchemas.All().Select(schema => schema.Key).Order(StringComparer.Ordinal));

    [Fact]
    public void Documents_of_every_kind_that_are_read_fit_their_schemas()
    {
        var schemas = DocumentSchemas.All().ToDictionary(StringComparer.Ordinal);
        ConfigurationSet.Parse(ConfigurationWriterTests.Everything, "all.yaml");
        var stream = new YamlStream();
        stream.Load(new StringReader(ConfigurationWriterTests.Everything));
        var seen = new HashSet<string>();
        foreach (var document in stream.Documents)
        {
            var node = (JsonObject)YamlJson.Convert(document.RootNode)!;
            var kind = (string)node["kind"]!;
            seen.Add(kind);
            Assert.True(ShippedSchema.Fits(schemas[kind], node), node.ToJsonString());
            node["nonsense"] = 1;
            Assert.False(ShippedSchema.Fits(schemas[kind], node), kind);
        }

        Assert.Equal(schemas.Keys.Order(StringComparer.Ordinal), seen.Order(StringComparer.Ordinal));
    }
}
