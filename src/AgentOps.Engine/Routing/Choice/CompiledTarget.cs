using AgentOps.Engine.Providers;

namespace AgentOps.Engine.Routing;

/// <summary>A target with all that does not depend on the prompt worked out, so that a decision is a walk over numbers.</summary>
internal sealed class CompiledTarget
{
    public CompiledTarget(RouteDefinition route, RouteTarget target, RegisteredProvider? provider, PriceCatalog catalog, RouterState state)
    {
        Target = target;
        Provider = provider;
        Circuit = state.Circuit(target);
        Account = state.Account(target.Provider);
        Terms = provider?.Definition.Terms;
        var kind = provider?.Definition.Kind ?? "";
        var local = kind is ProviderKinds.Simulated or ProviderKinds.Replay;
        var hosted = catalog.Find(kind, target.Model);
        Price = PriceOf(target, provider?.Definition, catalog);
        InputPrice = (double)(Price?.Input ?? 0);
        OutputPrice = (double)(Price?.Output ?? 0);
        ClearanceName = target.Clearance ?? provider?.Definition.Clearance ?? (local ? "secret" : DataClasses.Default);
        Clearance = DataClasses.RankOfClearance(ClearanceName);
        RegionAllowed = route.Regions is null
            || (target.Region is not null && route.Regions.Contains(target.Region, StringComparer.OrdinalIgnoreCase));
        ContextTokens = target.ContextTokens ?? hosted?.ContextTokens ?? long.MaxValue;
        TakesImages = hosted?.Images ?? true;
        TakesTools = hosted?.Tools ?? true;
        TakesTemperature = hosted?.FixedTemperature != true;
        Quality = target.Quality is { } quality ? (double)quality : double.NaN;
        Latency = target.Latency is { } latency ? latency.TotalMilliseconds : double.NaN;
    }

    public RouteTarget Target { get; }

    public RegisteredProvider? Provider { get; }

    public TargetCircuit Circuit { get; }

    public AccountState Account { get; }

    public CommercialTerms? Terms { get; }

    /// <summary>What is charged: the target's own price or the catalog's, less the account's discount.</summary>
    public ModelPrice? Price { get; }

    public double InputPrice { get; }

    public double OutputPrice { get; }

    public string ClearanceName { get; }

    public int Clearance { get; }

    public bool RegionAllowed { get; }

    public long ContextTokens { get; }

    public bool TakesImages { get; }

    public bool TakesTools { get; }

    public bool TakesTemperature { get; }

    public double Quality { get; }

    public double Latency { get; }

    /// <summary>What is charged: the target's own price, nothing in process, or the catalog's, less the account's discount; null where unknown.</summary>
    public static ModelPrice? PriceOf(RouteTarget target, ProviderDefinition? provider, PriceCatalog catalog)
    {
        var kind = provider?.Kind ?? string.Empty;
        var free = kind is ProviderKinds.Simulated or ProviderKinds.Replay;
        var listed = catalog.Find(kind, target.Model)?.Price;
        var price = target.Price is { Batch: null } own ? own with { Batch = listed?.Batch } : target.Price;
        return Discounted(price ?? (free ? ModelPrice.Free : listed), provider?.Terms?.Discount ?? 0);
    }

    private static ModelPrice? Discounted(ModelPrice? price, decimal discount) =>
        price is null || discount <= 0 ? price : price * (1 - Math.Min(1, discount));
}
