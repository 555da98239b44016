using AgentOps.Engine.Configuration;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Tools;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Tests.Verification;

public sealed class ConstraintParserTests
{
    private const string Head = """
        apiVersion: agentops/v1
        kind: Tool
        name: Pay
        process: {command: [pay, "{Amount}"]}
        parameters: {Amount: {type: decimal}, Payee: {type: string}, Count: {type: integer}}
        constraints:

        """;

    [Theory]
    [InlineData("- ammount: {argument: Amount, max: 1}", "t.yaml:7:3: unknown key 'ammount'; did you mean 'amount'?")]
    [InlineData("- horoscope: {}", "t.yaml:7:3: unknown key 'horoscope'; known: amount, budget, currency, delivery, duplicate, payee, quantity, quoted, rating, recurrence, returns, total")]
    [InlineData("- currency: {is: USD}\n- amount: {argument: Amuont, max: 1}", "t.yaml:8:22: 'Amuont' is no parameter of this tool; did you mean 'Amount'?")]
    [InlineData("- currency: {is: USD}\n- amount: {argument: Payee, max: 1}", "t.yaml:8:22: 'Payee' is a text; a decimal or integer is due here")]
    [InlineData("- currency: {is: USD}\n- amount: {argument: Amount, maximum: 1, max: 1}", "t.yaml:8:30: unknown key 'maximum'; known: argument, atLeast, atMost, max, min")]
    [InlineData("- currency: {is: USD}\n- amount: {argument: Amount, max: 1.5}", "t.yaml:8:35: 'max': write the decimal in quotes, \"1.5\", so that no tool rounds it")]
    [InlineData("- currency: {is: USD}\n- amount: {argument: Amount}", "'amount' needs a bound: min, max, atLeast or atMost")]
    [InlineData("- amount: {argument: Amount, max: 1}", "'amount' speaks of money, so the tool needs its currency")]
    [InlineData("- currency: {is: USD}\n- currency: {is: EUR}", "'currency' is declared twice")]
    [InlineData("- currency: {is: USD}\n- quoted: {argument: Amount, from: {tool: Q, path: total, same: {Item: args.Payee}, within: PT1M}}", "t.yaml:8:36: 'currency' is missing in 'from'")]
    [InlineData("- currency: {is: USD}\n- quoted: {argument: Amount, from: {tool: Q, path: total, currency: c, same: {Item: args.Payee}}}", "a quote grows old")]
    [InlineData("- currency: {is: USD}\n- quoted: {argument: Amount, from: {tool: Q, path: 'offers[0].total', currency: c, within: PT1M, same: {Item: args.Payee}}}", "t.yaml:8:52: 'offers[0].total': a path such as offer.price is due")]
    [InlineData("- rating: {min: 4, from: {tool: S, path: rating}}", "'same' is missing in 'from'")]
    [InlineData("- rating: {min: 4, from: {tool: S, path: rating, same: {}}}", "at least one NAME: args.NAME")]
    [InlineData("- rating: {min: 4, from: {tool: S, path: rating, same: {Seller: Payee}}}", "t.yaml:7:65: 'Payee': an argument of this tool such as args.Amount is due")]
    [InlineData("- rating: {min: 4, from: {tool: S, path: rating, same: {Seller: args.Payer}}}", "'Payer' is no parameter of this tool; did you mean 'Payee'?")]
    [InlineData("- rating: {min: 4, from: {tool: S, each: list, path: rating, same: {Seller: args.Payee}}}", "one item of 'each' is found by a value of its own")]
    [InlineData("- payee: {argument: Payee}", "'payee' needs a list 'in'")]
    [InlineData("- quantity: {argument: Count, min: 5, max: 4}", "min is above max")]
    [InlineData("- returns: {from: {tool: S, path: days, same: {Seller: args.Payee}}}", "'returns' needs either 'minDays'")]
    [InlineData("- duplicate: {same: []}", "'same' names the arguments")]
    [InlineData("- duplicate: {same: [Invoice]}", "t.yaml:7:22: 'Invoice' is no parameter of this tool")]
    [InlineData("- duplicate: {same: [Payee], per: session}", "t.yaml:7:35: 'per' is 'session'; known: a")]
    [InlineData("- {}", "a constraint is one of amount")]
    [InlineData("- quantity: {argument: Count, max: 1}\n  duplicate: {same: [Payee]}", "a constraint is one of amount")]
    public void What_is_wrong_is_said_where_it_stands(string constraints, string expected)
    {
        var exception = Assert.Throws<AgentOpsException>(() => ConfigurationSet.Parse(Head + constraints + "\n", "t.yaml"));

        Assert.Equal(ErrorCodes.InvalidConfiguration, exception.Code);
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_declared_is_recorded_and_read_again()
    {
        var tool = ConfigurationSet.Parse(Purchase.Tools, "t.yaml").Tools.Single(candidate => candidate.Name == "Buy");
        using var json = System.Text.Json.JsonDocument.Parse(tool.ToJson().ToJsonString());
        var again = AgentOps.Engine.Tools.ToolDefinition.FromJson(json.RootElement);

        Assert.Equal(tool.Constraints.Items.Select(constraint => constraint.Kind), again.Constraints.Items.Select(constraint => constraint.Kind));
        Assert.Equal(tool.Digest, again.Digest);
        Assert.NotEqual(tool.Digest, (tool with { Constraints = AgentOps.Engine.Verification.ConstraintSet.Empty }).Digest);
    }

    [Fact]
    public void What_is_exported_is_taken_again()
    {
        var tools = ConfigurationSet.Parse(Purchase.Tools, "t.yaml").Tools.ToArray();
        var state = WorkspaceState.Empty with { Tools = WorkspaceState.Empty.Tools.AddRange(tools.Select(tool => KeyValuePair.Create(tool.Name, new ToolState(tool, default)))) };
        using var exported = new StringWriter();
        ConfigurationWriter.Write(state, exported);
        var again = ConfigurationSet.Parse(exported.ToString(), "exported.yaml").Tools.Single(tool => tool.Name == "Buy");

        Assert.Equal(tools.Single(tool => tool.Name == "Buy").Digest, again.Digest);
    }
}
