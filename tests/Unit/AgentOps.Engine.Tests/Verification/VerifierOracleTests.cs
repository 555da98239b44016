using System.Globalization;
using AgentOps.Engine.Permissions;

namespace AgentOps.Engine.Tests.Verification;

/// <summary>Random sessions against a second, naive reading of the constraints that knows no path, no JSON and no limit book.</summary>
public sealed class VerifierOracleTests
{
    private static readonly string[] Items = ["lamp", "bulb"];
    private static readonly string[] Sellers = ["acme", "globex", "mallory"];
    private static readonly string[] Currencies = ["USD", "USD", "USD", "USD", "USD", "EUR"];
    private static readonly string[] Totals = ["10.00", "109.00", "499.99", "501.00"];

    private sealed record Quote(string Item, string Seller, int Quantity, decimal Total, string Currency, int MinutesAgo, int MinutesGood, bool IsCut);

    private sealed record Rating(string Seller, decimal Stars, int Days);

    [Fact]
    public void The_verifier_agrees_with_the_naive_oracle()
    {
        var cases = Environment.GetEnvironmentVariable("AGENTOPS_SOAK") == "1" ? 500_000 : 3_000;
        var random = new Random(7);
        var verified = 0;
        for (var i = 0; i < cases; i++)
        {
            verified += RunSession(random);
        }

        // The cases are worth something: both answers are common.
        Assert.InRange(verified, cases / 10, cases * 3);
    }

    private static int RunSession(Random random)
    {
        var purchase = new Purchase();
        var quotes = new List<Quote>();
        var ratings = new List<Rating>();
        var made = new List<(string Order, decimal Total)>();
        for (var age = 12; age >= 1; age--)
        {
            if (random.Next(3) == 0)
            {
                var rating = new Rating(Pick(random, Sellers), random.Next(15, 21) / 4m, random.Next(12, 31));
                ratings.Add(rating);
                purchase.See("Get-Seller", $$"""{"Seller":"{{rating.Seller}}"}""", Purchase.Seller(rating.Stars.ToString(CultureInfo.InvariantCulture), rating.Days), age);
            }

            var quote = new Quote(Pick(random, Items), Pick(random, Sellers), random.Next(1, 3), decimal.Parse(Pick(random, Totals), CultureInfo.InvariantCulture), Pick(random, Currencies), age, random.Next(-1, 20), random.Next(20) == 0);
            quotes.Add(quote);
            var until = (Purchase.Now.AddMinutes(quote.MinutesGood)).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
            purchase.See(
                "Get-Quote",
                $$"""{"Item":"{{quote.Item}}","Seller":"{{quote.Seller}}","Quantity":{{quote.Quantity}}}""",
                Purchase.Quote($"\"{quote.Total.ToString(CultureInfo.InvariantCulture)}\"", quote.Currency, until, seller: quote.Seller),
                age,
                quote.IsCut);
        }

        var verified = 0;
        for (var call = 0; call < 4; call++)
        {
            var aim = Pick(random, quotes);
            var (order, item, seller, quantity) = ($"o{random.Next(3)}", aim.Item, random.Next(8) == 0 ? Pick(random, Sellers) : aim.Seller, random.Next(8) == 0 ? 11 : aim.Quantity);
            var total = random.Next(4) == 0 ? decimal.Parse(Pick(random, Totals), CultureInfo.InvariantCulture) : aim.Total;
            var currency = Pick(random, Currencies);
            purchase.Arguments["Order"] = order;
            purchase.Arguments["Item"] = item;
            purchase.Arguments["Seller"] = seller;
            purchase.Arguments["Quantity"] = quantity;
            purchase.Arguments["Total"] = total.ToString(CultureInfo.InvariantCulture);
            purchase.Arguments["Currency"] = currency;

            var result = purchase.Verify();
            var refused = result.Reasons.Select(reason => reason[..reason.IndexOf(':', StringComparison.Ordinal)]).Where(kind => kind != "total").Distinct().Order(StringComparer.Ordinal);
            Assert.Equal(Refused(quotes, ratings, made, order, item, seller, quantity, total, currency), refused);

            if (result.Reasons.All(reason => reason.StartsWith("total:", StringComparison.Ordinal)))
            {
                // What is left out here is the arithmetic of the total, which has a test of its own below.
                verified++;
                made.Add((order, total));
                purchase.Limits = Take(purchase, order, total, made.Count);
            }
        }

        return verified;
    }

    private static SortedSet<string> Refused(
        List<Quote> quotes, List<Rating> ratings, List<(string Order, decimal Total)> made, string order, string item, string seller, int quantity, decimal total, string currency)
    {
        var wrong = new SortedSet<string>(StringComparer.Ordinal);
        void When(bool isWrong, string kind)
        {
            if (isWrong)
            {
                wrong.Add(kind);
            }
        }

        When(currency != "USD", "currency");
        When(total > 500m, "amount");
        When(made.Sum(one => one.Total) + total > 800m, "budget");
        When(quantity > 10, "quantity");
        When(made.Any(one => one.Order == order), "duplicate");
        When(seller is not ("acme" or "globex"), "payee");
        var ofItem = quotes.FindLast(quote => quote.Item == item && quote.Quantity == quantity);
        When(ofItem is null || ofItem.IsCut || ofItem.Seller != seller, "payee");
        var rating = ratings.FindLast(one => one.Seller == seller);
        When(rating is null || rating.Stars < 4, "rating");
        When(rating is null || rating.Days < 14, "returns");
        var quoted = quotes.FindLast(quote => quote.Item == item && quote.Seller == seller && quote.Quantity == quantity);
        When(quoted is null || quoted.IsCut || quoted.MinutesAgo > 10 || quoted.MinutesGood <= 0 || quoted.Currency != "USD" || quoted.Total != total, "quoted");
        return wrong;
    }

    /// <summary>The limits after a purchase, by the demands that the verifier makes of an otherwise whole one.</summary>
    private static LimitState Take(Purchase purchase, string order, decimal total, int number)
    {
        var whole = Purchase.Honest();
        whole.Limits = purchase.Limits;
        whole.Arguments["Order"] = order;
        whole.Arguments["Total"] = total.ToString(CultureInfo.InvariantCulture);
        whole.Arguments["Quantity"] = 1;
        whole.See("Get-Quote", """{"Item":"lamp","Seller":"acme","Quantity":1}""", Purchase.Quote($"\"{total.ToString(CultureInfo.InvariantCulture)}\"", tax: "0", shipping: "0"));
        whole.See("Find-Offer", """{"Text":"z"}""", Purchase.Offers(total.ToString(CultureInfo.InvariantCulture)));
        whole.Make($"m{number}");
        return whole.Limits;
    }

    [Fact]
    public void The_total_is_exact_for_any_amounts()
    {
        var random = new Random(11);
        for (var i = 0; i < 2_000; i++)
        {
            var purchase = Purchase.Honest();
            var quantity = random.Next(1, 4);
            var (price, tax, shipping) = (random.Next(1, 9_000) / 100m, random.Next(0, 2_500) / 100m, random.Next(0, 1_700) / 100m);
            var off = random.Next(3) == 0 ? random.Next(-2, 3) / 100m : 0;
            var total = (price * quantity) + tax + shipping + off;
            string Text(decimal amount) => amount.ToString(CultureInfo.InvariantCulture);
            purchase.Arguments["Quantity"] = quantity;
            purchase.Arguments["Total"] = Text(total);
            purchase.See("Find-Offer", """{"Text":"z"}""", Purchase.Offers(Text(price)));
            purchase.See("Get-Quote", $$"""{"Item":"lamp","Seller":"acme","Quantity":{{quantity}}}""", Purchase.Quote($"\"{Text(total)}\"", tax: $"\"{Text(tax)}\"", shipping: Text(shipping)));

            var holds = off == 0 && tax <= 0.25m * price * quantity && shipping <= 15m;
            Assert.Equal(holds, !purchase.Verify().Reasons.Any(reason => reason.StartsWith("total:", StringComparison.Ordinal)));
        }
    }

    private static T Pick<T>(Random random, IReadOnlyList<T> from) => from[random.Next(from.Count)];
}
