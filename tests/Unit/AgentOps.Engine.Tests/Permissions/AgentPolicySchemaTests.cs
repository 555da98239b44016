using System.Text.Json.Nodes;
using AgentOps.Engine.Configuration;
using AgentOps.Engine.Permissions;
using AgentOps.Engine.Tests.Configuration;

namespace AgentOps.Engine.Tests.Permissions;

public sealed class AgentPolicySchemaTests
{
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
            Assert.True(ShippedSchema.Fits(schema, document), document.ToJsonString());

            // JSON is YAML: the parser takes the same document.
            _ = new YamlDocumentReader([new AgentPolicyParser()]).Read(document.ToJsonString().Replace("\\u0301", "x", StringComparison.Ordinal), "p.json");
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
        Assert.False(ShippedSchema.Fits(AgentPolicySchema.Create(), document));
        Assert.ThrowsAny<Exception>(() => PolicySet.Compile(
            ((AgentPolicy)new YamlDocumentReader([new AgentPolicyParser()]).Read(document.ToJsonString(), "p.json")[0].Value).Rules, PolicyContext.Default));
    }
}
