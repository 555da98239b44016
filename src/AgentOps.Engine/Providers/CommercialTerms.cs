using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentOps.Engine.Providers;

/// <summary>What an account with a provider costs beyond its price list. Money in US dollars.</summary>
public sealed record CommercialTerms
{
    /// <summary>Prepaid credit that is left; null where there is none.</summary>
    public decimal? Credit { get; init; }

    /// <summary>When the credit expires.</summary>
    public DateTimeOffset? CreditExpires { get; init; }

    /// <summary>The only models that the credit pays for; null for all. A trailing <c>*</c> stands for any ending.</summary>
    public IReadOnlyList<string>? CreditModels { get; init; }

    /// <summary>Models that the credit doesn't pay for.</summary>
    public IReadOnlyList<string>? CreditExcludedModels { get; init; }

    /// <summary>Nothing but the credit pays: without it, the account's models are not called.</summary>
    public bool PrepaidOnly { get; init; }

    /// <summary>Off the price list, 0 to 1.</summary>
    public decimal Discount { get; init; }

    /// <summary>Committed spend that is not yet used and is lost if unused.</summary>
    public decimal? Commitment { get; init; }

    /// <summary>When the commitment ends.</summary>
    public DateTimeOffset? CommitmentEnds { get; init; }

    /// <summary>The JSON form; decimals as text.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject();
        Put(json, "credit", Text(Credit));
        Put(json, "creditExpires", Text(CreditExpires));
        Put(json, "creditModels", List(CreditModels));
        Put(json, "creditExcludedModels", List(CreditExcludedModels));
        Put(json, "prepaidOnly", PrepaidOnly ? JsonValue.Create(true) : null);
        Put(json, "discount", Discount == 0 ? null : Text(Discount));
        Put(json, "commitment", Text(Commitment));
        Put(json, "commitmentEnds", Text(CommitmentEnds));
        return json;
    }

    /// <summary>Reads <see cref="ToJson"/>'s form; decimals may also be numbers.</summary>
    public static CommercialTerms FromJson(JsonElement element) => new()
    {
        Credit = element.Amount("credit"),
        CreditExpires = Date(element, "creditExpires"),
        CreditModels = element.Texts("creditModels"),
        CreditExcludedModels = element.Texts("creditExcludedModels"),
        PrepaidOnly = element.Flag("prepaidOnly"),
        Discount = element.Amount("discount") ?? 0,
        Commitment = element.Amount("commitment"),
        CommitmentEnds = Date(element, "commitmentEnds"),
    };

    private static void Put(JsonObject json, string name, JsonNode? value)
    {
        if (value is not null)
        {
            json[name] = value;
        }
    }

    private static JsonValue? Text(decimal? value) =>
        value is { } number ? JsonValue.Create(number.ToString(CultureInfo.InvariantCulture)) : null;

    private static JsonValue? Text(DateTimeOffset? value) =>
        value is { } time ? JsonValue.Create(time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)) : null;

    private static JsonArray? List(IReadOnlyList<string>? values) =>
        values is null ? null : new JsonArray([.. values.Select(value => (JsonNode?)JsonValue.Create(value))]);

    private static DateTimeOffset? Date(JsonElement element, string name) =>
        DateTimeOffset.TryParse(element.Text(name), CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;
}
