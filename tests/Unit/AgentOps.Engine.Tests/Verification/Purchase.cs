using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Configuration;
using AgentOps.Engine.Permissions;
using AgentOps.Engine.Tools;
using AgentOps.Engine.Verification;

namespace AgentOps.Engine.Tests.Verification;

/// <summary>An honest purchase, of which a test changes one thing.</summary>
internal sealed class Purchase
{
    public const string Tools = """
        apiVersion: agentops/v1
        kind: Tool
        name: Get-Quote
        process: {command: [echo, "{Item}"]}
        parameters: {Item: {type: string, mandatory: true}, Seller: {type: string, mandatory: true}, Quantity: {type: integer, mandatory: true}}
        sideEffect: none
        ---
        apiVersion: agentops/v1
        kind: Tool
        name: Find-Offer
        process: {command: [echo, "{Text}"]}
        parameters: {Text: {type: string, mandatory: true}}
        sideEffect: none
        ---
        apiVersion: agentops/v1
        kind: Tool
        name: Get-Seller
        process: {command: [echo, "{Seller}"]}
        parameters: {Seller: {type: string, mandatory: true}}
        sideEffect: none
        ---
        apiVersion: agentops/v1
        kind: Tool
        name: Buy
        process: {command: [echo, "{Item}"]}
        parameters:
          Order: {type: string, mandatory: true}
          Item: {type: string, mandatory: true}
          Seller: {type: string, mandatory: true}
          Quantity: {type: integer, mandatory: true}
          Total: {type: decimal, mandatory: true}
          Currency: {type: string, mandatory: true}
          Recurs: {type: string}
          DeliverBy: {type: date}
        constraints:
        - currency: {is: USD, argument: Currency}
        - amount: {argument: Total, max: "500.00"}
        - budget: {argument: Total, max: "800.00", within: P1D}
        - quantity: {argument: Quantity, max: 10}
        - payee: {argument: Seller, in: [acme, globex], from: {tool: Get-Quote, path: seller, same: {Item: args.Item, Quantity: args.Quantity}}}
        - rating: {min: "4.0", from: {tool: Get-Seller, path: rating, same: {Seller: args.Seller}}}
        - returns: {minDays: 14, from: {tool: Get-Seller, path: returns.days, same: {Seller: args.Seller}}}
        - quoted:
            argument: Total
            from: {tool: Get-Quote, path: total, currency: currency, expires: until, within: PT10M, same: {Item: args.Item, Seller: args.Seller, Quantity: args.Quantity}}
        - total:
            argument: Total
            quantity: Quantity
            price: {from: {tool: Find-Offer, each: offers, path: price, currency: currency, same: {output.item: args.Item, output.seller: args.Seller}}}
            tax: {from: {tool: Get-Quote, path: tax, currency: currency, same: {Item: args.Item, Seller: args.Seller, Quantity: args.Quantity}}}
            shipping: {from: {tool: Get-Quote, path: shipping, currency: currency, same: {Item: args.Item, Seller: args.Seller, Quantity: args.Quantity}}}
            maxTaxPercent: "25"
            maxShipping: "15.00"
        - recurrence: {argument: Recurs, in: [once]}
        - delivery: {argument: DeliverBy, within: P14D}
        - duplicate: {same: [Order], within: P1D}
        """;

    private static readonly Dictionary<string, ToolDefinition> Known =
        ConfigurationSet.Parse(Tools, "tools.yaml").Tools.ToDictionary(tool => tool.Name, StringComparer.Ordinal);

    public static DateTimeOffset Now { get; } = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    public ToolDefinition Buy { get; set; } = Known["Buy"];

    public SessionEvidence Seen { get; } = new();

    public LimitState Limits { get; set; } = LimitState.Empty;

    public JsonObject Arguments { get; } = new()
    {
        ["Order"] = "o-1",
        ["Item"] = "lamp",
        ["Seller"] = "acme",
        ["Quantity"] = 2,
        ["Total"] = "109.00",
        ["Currency"] = "USD",
        ["Recurs"] = "once",
        ["DeliverBy"] = "2026-11-28T00:00:00Z",
    };

    /// <summary>A session that asked for an offer, the seller and a quote, as it should.</summary>
    public static Purchase Honest()
    {
        var purchase = new Purchase();
        purchase.See("Find-Offer", """{"Text":"lamp"}""", Offers());
        purchase.See("Get-Seller", """{"Seller":"acme"}""", Seller());
        purchase.See("Get-Quote", """{"Item":"lamp","Seller":"acme","Quantity":2}""", Quote());
        return purchase;
    }

    public static string Offers(string price = "40.00") =>
        $$"""{"offers":[{"item":"lamp","seller":"acme","price":"{{price}}","currency":"USD"},{"item":"lamp","seller":"globex","price":39.5,"currency":"USD"}]}""";

    public static string Seller(string rating = "4.5", int days = 30) => $$"""{"seller":"acme","rating":{{rating}},"returns":{"days":{{days}} } }""";

    public static string Quote(string total = "\"109.00\"", string currency = "USD", string until = "2026-11-21T12:30:00Z", string tax = "\"20.00\"", string shipping = "9.00", string seller = "acme") =>
        $$"""{"item":"lamp","seller":"{{seller}}","total":{{total}},"tax":{{tax}},"shipping":{{shipping}},"currency":"{{currency}}","until":"{{until}}"}""";

    public void See(string tool, string arguments, string output, int minutesAgo = 1, bool isTruncated = false) =>
        Seen.Add(tool, Bind(Known[tool], arguments), output, isTruncated, Now.AddMinutes(-minutesAgo)).Place(100);

    public VerificationResult Verify()
    {
        using var json = JsonDocument.Parse(Arguments.ToJsonString());
        var bound = ArgumentBinder.Bind(Buy.Parameters, json.RootElement);
        return bound.Arguments is { } arguments
            ? TransactionVerifier.Verify(Buy, arguments, Seen, Limits, "agent", "person", Now)
            : new VerificationResult { Findings = [new ConstraintFinding("binding", bound.Reason)], Reasons = [$"binding: {bound.Reason}"] };
    }

    /// <summary>The purchase as made: what it reserved is used.</summary>
    public void Make(string id)
    {
        var result = Verify();
        Assert.True(result.IsVerified, result.Reason);
        Assert.True(Limits.TryReserve(id, result.Demands, Now, TimeSpan.FromMinutes(1), out _, out var next, out var why), why);
        Limits = next;
    }

    private static BoundArguments Bind(ToolDefinition tool, string arguments)
    {
        using var json = JsonDocument.Parse(arguments);
        return ArgumentBinder.Bind(tool.Parameters, json.RootElement).Arguments!;
    }
}
