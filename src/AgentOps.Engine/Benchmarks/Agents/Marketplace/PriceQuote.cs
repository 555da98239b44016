using System.Text.Json.Nodes;

namespace AgentOps.Engine.Benchmarks.Agents.Marketplace;

/// <summary>What a number of pieces of an offer costs, in USD.</summary>
/// <param name="Price">One piece.</param>
/// <param name="Tax">The tax on all pieces.</param>
/// <param name="Shipping">The shipping.</param>
/// <param name="Total">All together.</param>
internal sealed record PriceQuote(decimal Price, decimal Tax, decimal Shipping, decimal Total)
{
    public static PriceQuote Of(JsonObject offer, int quantity)
    {
        var price = offer.Money("price");
        var tax = Math.Round(price * quantity * offer.Whole("taxPercent") / 100, 2, MidpointRounding.ToEven);
        var shipping = offer.Money("shipping");
        return new PriceQuote(price, tax, shipping, (price * quantity) + tax + shipping);
    }

    public JsonObject ToJson(JsonObject offer, int quantity) => new()
    {
        ["offer"] = offer.Text("offer"),
        ["item"] = offer.Text("item"),
        ["seller"] = offer.Text("seller"),
        ["quantity"] = quantity,
        ["price"] = CallArguments.Spell(Price),
        ["tax"] = CallArguments.Spell(Tax),
        ["shipping"] = CallArguments.Spell(Shipping),
        ["total"] = CallArguments.Spell(Total),
        ["currency"] = "USD",
    };
}
