using System.Text.RegularExpressions;
using AgentOps.Engine.Catalog;
using AgentOps.Engine.Providers;

namespace AgentOps.Engine.Routing;

/// <summary>Hosted models: what they can do and cost, by kind of provider and by name. Each figure has its source and date.</summary>
public sealed partial class PriceCatalog
{
    private const string FileName = "prices.yaml";

    private readonly Dictionary<(string Kind, string Model), HostedModel> _byName = [];

    private PriceCatalog()
    {
    }

    /// <summary>A catalog that knows nothing.</summary>
    public static PriceCatalog Empty { get; } = new();

    /// <summary>All models, in the catalog's order.</summary>
    public IReadOnlyList<HostedModel> Models { get; private set; } = [];

    /// <summary>Reads the built-in catalog and, over it, a user's own.</summary>
    /// <param name="path">A folder, or a file named <c>prices.yaml</c>; null for none.</param>
    /// <exception cref="Errors.AgentOpsException">A file is malformed; says file, line and column.</exception>
    public static PriceCatalog Load(string? path = null)
    {
        var catalog = new PriceCatalog();
        CatalogText.Read(path, FileName, catalog.Read);
        return catalog;
    }

    /// <summary>
    /// The model as that kind of provider hosts it. A name with a date or a version at its end, such as
    /// <c>gpt-4.1-2025-04-14</c>, is found by its beginning; the longest beginning wins. Any other ending is another model's, at
    /// a price of its own: <c>o3-pro</c> is no <c>o3</c>. Azure hosts OpenAI's models at OpenAI's prices, unless the catalog has its own.
    /// </summary>
    public HostedModel? Find(string kind, string model) =>
        FindAs(kind, model) ?? (kind == ProviderKinds.AzureOpenAI ? FindAs(ProviderKinds.OpenAI, model) : null);

    private HostedModel? FindAs(string kind, string model)
    {
        model = model.ToLowerInvariant();
        for (var length = model.Length; length > 0; length = model.LastIndexOfAny(['-', ':', '@'], length - 1))
        {
            if (_byName.TryGetValue((kind, model[..length]), out var found) && Edition().IsMatch(model.AsSpan(length)))
            {
                return found;
            }
        }

        return null;
    }

    // 20250929, 2025-04-14, 05-06, 09-2025, 001; v1, :0, :0:300k; latest, preview.
    [GeneratedRegex(@"^(-\d{3,8}|@\d{8}|-\d{4}-\d\d-\d\d|-\d\d-\d{2,4}|-v\d+|:\d+k?|[-@]latest|-preview)*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Edition();

    private void Read(string file, TextReader text)
    {
        foreach (var node in CatalogNode.Entries(file, text))
        {
            var longer = node.Child("long");
            var price = Price(node) with
            {
                Batch = node.Share("batch"),
                Long = longer is null ? null : new LongPromptPrice(longer.Integer("above"), Price(longer)),
            };
            longer?.RefuseUnknown();
            var context = node.Integer("context");
            var source = node.Text("source");
            var date = node.Date("date") ?? default;
            var model = new HostedModel(node.Text("model"), node.Choice("provider", ProviderKinds.All))
            {
                Price = price,
                ContextTokens = context,
                Images = node.Flag("images"),
                Tools = !node.Flag("no-tools"),
                FixedTemperature = node.Flag("fixed-temperature"),
                Source = source,
                Date = date,
                Figures = Figures(node, price, context, source, date),
            };
            node.RefuseUnknown();
            _byName[(model.Provider, model.Model.ToLowerInvariant())] = model;
        }

        Models = [.. _byName.Values.OrderBy(model => model.Provider, StringComparer.Ordinal).ThenBy(model => model.Model, StringComparer.Ordinal)];
    }

    private static ModelPrice Price(CatalogNode node) => new(node.RequiredMoney("input"), node.RequiredMoney("output"))
    {
        CachedInput = node.Money("cached-input"),
        CacheWrite = node.Money("cache-write"),
    };

    private static HostedFigure[] Figures(CatalogNode node, ModelPrice price, long context, string source, DateOnly date)
    {
        var figures = new (string Name, decimal? Value)[]
        {
            ("input", price.Input), ("output", price.Output), ("cached-input", price.CachedInput), ("cache-write", price.CacheWrite),
            ("batch", price.Batch), ("context", context), ("long-above", price.Long?.Above), ("long-input", price.Long?.Price.Input), ("long-output", price.Long?.Price.Output),
            ("long-cached-input", price.Long?.Price.CachedInput), ("long-cache-write", price.Long?.Price.CacheWrite),
        };
        var known = figures.Where(figure => figure.Value is not null).Select(figure => figure.Name).ToArray();
        var unconfirmed = node.Names("unconfirmed", known);
        var others = node.Child("sources");
        var result = figures.Where(figure => figure.Value is not null)
            .Select(figure =>
            {
                var (page, seen) = others?.Dated(figure.Name) ?? (source, date);
                return new HostedFigure(figure.Name, figure.Value!.Value, page, seen, !unconfirmed.Contains(figure.Name));
            })
            .ToArray();
        others?.RefuseUnknown();
        return result;
    }
}
