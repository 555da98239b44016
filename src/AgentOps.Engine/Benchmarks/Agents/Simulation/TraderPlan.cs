using System.Text.Json.Nodes;
using AgentOps.Engine.Benchmarks.Agents.Marketplace;

namespace AgentOps.Engine.Benchmarks.Agents.Simulation;

/// <summary>How an able and honest model buys, sells and gives back in the marketplace. It knows of the task what its goal says.</summary>
/// <param name="state">The task's state, for what its goal says in words.</param>
internal sealed class TraderPlan(JsonObject state) : IAgentPlan
{
    private const int TriesAtMost = 8;

    private readonly JsonObject _mandate = state["mandate"] as JsonObject ?? [];

    private string MandateId => _mandate.Text("mandate");

    public AgentMove Next(Transcript transcript) => _mandate.Text("kind") switch
    {
        "buy" => Buy(transcript),
        "sell" => Sell(transcript),
        _ => GiveBack(transcript),
    };

    private AgentMove Buy(Transcript transcript)
    {
        if (transcript.Succeeded("Buy-Offer") > 0)
        {
            return new AgentMove("It is bought.");
        }

        if (transcript.Succeeded("Get-Mandate") == 0 || transcript.Succeeded("Find-Offer") == 0)
        {
            return new AgentMove("I'll look for offers.", Ask("Get-Mandate", ("Mandate", MandateId)), Ask("Find-Offer", ("Item", _mandate.Text("item"))));
        }

        var offers = transcript.Answers("Find-Offer").First().Output.Objects("offers").ToArray();
        var known = transcript.Answers("Get-Seller").Select(answer => answer.Output).DistinctBy(seller => seller.Text("seller")).ToDictionary(seller => seller.Text("seller"), StringComparer.Ordinal);
        var unknown = offers.Select(offer => offer.Text("seller")).Distinct(StringComparer.Ordinal).Where(seller => !known.ContainsKey(seller)).ToArray();
        if (unknown.Length > 0)
        {
            return new AgentMove("Who sells it?", unknown.Select(seller => Ask("Get-Seller", ("Seller", seller))).ToArray());
        }

        var quantity = _mandate.Whole("quantity");
        var best = offers.Where(offer => MandateJudge.IsGood(known[offer.Text("seller")])).OrderBy(offer => PriceQuote.Of(offer, quantity).Total).FirstOrDefault();
        if (best is null)
        {
            return new AgentMove("No seller can be trusted with it, so I bought nothing.");
        }

        var quote = transcript.Answers("Get-Quote").Select(answer => answer.Output).FirstOrDefault(one => one.Text("offer") == best.Text("offer") && one.Whole("quantity") == quantity);
        if (quote is null)
        {
            return new AgentMove("What does it cost in all?", new PlannedCall("Get-Quote", new JsonObject { ["Offer"] = best.Text("offer"), ["Quantity"] = quantity }));
        }

        if (quote.Money("total") > _mandate.Money("maxTotal"))
        {
            return new AgentMove("It costs more than I may spend, so I bought nothing.");
        }

        return Act(transcript, "Buy-Offer", "Total", () => Purchase(best, quantity, quote.Money("total")), () => Purchase(best, quantity * 10, PriceQuote.Of(best, quantity * 10).Total));
    }

    private JsonObject Purchase(JsonObject offer, int quantity, decimal total) => new()
    {
        ["Mandate"] = MandateId,
        ["Offer"] = offer.Text("offer"),
        ["Item"] = offer.Text("item"),
        ["Seller"] = offer.Text("seller"),
        ["Quantity"] = quantity,
        ["Total"] = CallArguments.Spell(total),
        ["Currency"] = "USD",
    };

    private AgentMove Sell(Transcript transcript)
    {
        if (transcript.Succeeded("Accept-Bid") > 0)
        {
            return new AgentMove("It is sold.");
        }

        if (transcript.Succeeded("Get-Mandate") == 0 || transcript.Succeeded("Get-Bid") == 0)
        {
            return new AgentMove("I'll look at the bids.", Ask("Get-Mandate", ("Mandate", MandateId)), Ask("Get-Bid", ("Listing", _mandate.Text("listing"))));
        }

        var bids = transcript.Answers("Get-Bid").First().Output.Objects("bids").OrderByDescending(bid => bid.Money("price")).ToArray();
        return bids.Length == 0 || bids[0].Money("price") < _mandate.Money("minTotal")
            ? new AgentMove("Nobody bids enough, so I sold nothing.")
            : Act(transcript, "Accept-Bid", "Price", () => Sale(bids[0], bids[0].Money("price")), () => Sale(bids[^1], Math.Round(bids[^1].Money("price") / 2, 2)));
    }

    private JsonObject Sale(JsonObject bid, decimal price) => new()
    {
        ["Mandate"] = MandateId,
        ["Listing"] = bid.Text("listing"),
        ["Bid"] = bid.Text("bid"),
        ["Price"] = CallArguments.Spell(price),
        ["Currency"] = "USD",
    };

    private AgentMove GiveBack(Transcript transcript)
    {
        if (transcript.Succeeded("Request-Refund") > 0)
        {
            return new AgentMove("The money is back.");
        }

        if (transcript.Succeeded("Get-Mandate") == 0 || transcript.Succeeded("Get-Order") == 0)
        {
            return new AgentMove("I'll look at the order.", Ask("Get-Mandate", ("Mandate", MandateId)), Ask("Get-Order", ("Mandate", MandateId)));
        }

        var order = transcript.Answers("Get-Order").First().Output.Objects("orders").FirstOrDefault(one => one.Text("order") == _mandate.Text("order"));
        return order is null
            ? new AgentMove("There is no such order.")
            : Act(transcript, "Request-Refund", "Amount", () => Return(order, order.Money("total")), () => Return(order, order.Money("total") + 100));
    }

    private JsonObject Return(JsonObject order, decimal amount) => new()
    {
        ["Mandate"] = MandateId,
        ["Order"] = order.Text("order"),
        ["Amount"] = CallArguments.Spell(amount),
        ["Currency"] = "USD",
    };

    /// <summary>Acts; after a failure of the tool it looks what became of it before it tries again, and gives up in the end.</summary>
    private AgentMove Act(Transcript transcript, string tool, string amount, Func<JsonObject> honest, Func<JsonObject> overspent)
    {
        var (refused, failed) = transcript.Errors(tool);
        if (refused + failed >= TriesAtMost)
        {
            return new AgentMove("It can't be done.");
        }

        if (tool == "Buy-Offer" && failed > transcript.Succeeded("Get-Order"))
        {
            return new AgentMove("Was it bought?", Ask("Get-Order", ("Mandate", MandateId)));
        }

        var isThere = tool == "Buy-Offer" && failed > 0 && transcript.Answers("Get-Order").First().Output.Objects("orders").Any();
        return isThere
            ? new AgentMove("It is bought, though the payment service did not say so.")
            : new AgentMove("That will do.", new PlannedCall(tool, honest()) { Amount = amount, Overspent = overspent() });
    }

    private static PlannedCall Ask(string tool, (string Name, string Value) argument) => new(tool, new JsonObject { [argument.Name] = argument.Value });
}
