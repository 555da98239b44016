using System.Text.Json.Nodes;
using AgentOps.Engine.Configuration;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Tests.Configuration;

namespace AgentOps.Engine.Tests.Verification;

public sealed class ToolDocumentSchemaTests
{
    /// <summary>The shipped file is what the code says; with AGENTOPS_UPDATE=1 the test writes it.</summary>
    [Fact]
    public void What_the_parser_takes_the_schema_takes()
    {
        var buy = ConfigurationSet.Parse(Purchase.Tools, "t.yaml").Tools.Single(tool => tool.Name == "Buy");
        Assert.True(ShippedSchema.Fits(ToolDocumentSchema.Create(), Document(buy.Constraints.ToJson()!)));
    }

    [Theory]
    [InlineData("""{"ammount":{"argument":"Amount","max":1}}""")]
    [InlineData("""{"amount":{"argument":"Amount","maximum":1}}""")]
    [InlineData("""{"amount":{"argument":"Amount","max":1},"currency":{"is":"USD"}}""")]
    [InlineData("""{"amount":{"max":1}}""")]
    [InlineData("""{"budget":{"argument":"Amount"}}""")]
    [InlineData("""{"budget":{"argument":"Amount","max":1,"per":"session"}}""")]
    [InlineData("""{"quoted":{"argument":"Amount","from":{"tool":"Q","path":"total","same":{"Item":"args.Payee"},"within":"PT1M"}}}""")]
    [InlineData("""{"quoted":{"argument":"Amount","from":{"tool":"Q","path":"list[0]","currency":"c","same":{"Item":"args.Payee"},"within":"PT1M"}}}""")]
    [InlineData("""{"rating":{"min":4,"from":{"tool":"S","path":"r","same":{}}}}""")]
    [InlineData("""{"rating":{"min":4,"from":{"tool":"S","path":"r","same":{"Seller":"Payee"}}}}""")]
    [InlineData("""{"delivery":{"within":"soon","argument":"Payee"}}""")]
    [InlineData("""{"quantity":{"argument":"Count","max":0}}""")]
    public void What_the_schema_refuses_the_parser_refuses(string constraint)
    {
        var document = Document(new JsonArray(JsonNode.Parse(constraint)));

        Assert.False(ShippedSchema.Fits(ToolDocumentSchema.Create(), document));
        Assert.Throws<AgentOpsException>(() => ConfigurationSet.Parse(document.ToJsonString(), "t.json"));
    }

    private static JsonObject Document(JsonArray constraints) => new()
    {
        ["apiVersion"] = "agentops/v1",
        ["kind"] = "Tool",
        ["name"] = "Pay",
        ["process"] = new JsonObject { ["command"] = new JsonArray("pay", "{Amount}") },
        ["parameters"] = new JsonObject
        {
            ["Amount"] = new JsonObject { ["type"] = "decimal" },
            ["Payee"] = new JsonObject { ["type"] = "string" },
            ["Count"] = new JsonObject { ["type"] = "integer" },
        },
        ["constraints"] = constraints,
    };
}
