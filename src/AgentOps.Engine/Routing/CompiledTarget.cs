using AgentOps.Engine.Providers;

namespace AgentOps.Engine.Routing;

/// <summary>A target with all that does not depend on the prompt worked out, so that a decision is a walk over numbers.</summary>
internal sealed class CompiledTarget
{
    public CompiledTarget(RouteDefinition route, RouteTarget target, RegisteredProvider? provider)
    {
        Target = target;
        Provider = provider;
        Price = target.Price ?? (provider?.Provider.Kind is ProviderKinds.Simulated or ProviderKinds.Replay ? ModelPrice.Free : null);
        InputPrice = (double)(Price?.Input ?? 0);
        OutputPrice = (double)(Price?.Output ?? 0);
        ClearanceName = target.Clearance ?? provider?.Definition.Clearance
            ?? (provider?.Provider.Kind is ProviderKinds.Simulated or ProviderKinds.Replay ? "secret" : DataClasses.Default);
        Clearance = DataClasses.RankOfClearance(ClearanceName);
        RegionAllowed = route.Regions is null
            || (target.Region is not null && route.Regions.Contains(target.Region, StringComparer.OrdinalIgnoreCase));
        ContextTokens = target.ContextTokens ?? long.MaxValue;
        Quality = target.Quality is { } quality ? (double)quality : double.NaN;
        Latency = target.Latency is { } latency ? latency.TotalMilliseconds : double.NaN;
    }

    public RouteTarget Target { get; }

    public RegisteredProvider? Provider { get; }

    public ModelPrice? Price { get; }

    public double InputPrice { get; }

    public double OutputPrice { get; }

    public string ClearanceName { get; }

    public int Clearance { get; }

    public bool RegionAllowed { get; }

    public long ContextTokens { get; }

    public double Quality { get; }

    public double Latency { get; }
}
