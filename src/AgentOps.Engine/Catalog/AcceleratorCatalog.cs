using AgentOps.Engine.Errors;
using AgentOps.Simulation.Models;

namespace AgentOps.Engine.Catalog;

/// <summary>The accelerators that can be simulated, by name.</summary>
public sealed class AcceleratorCatalog
{
    private readonly CatalogEntries<AcceleratorSpec> _entries = new(accelerator => accelerator.Name, "an accelerator", "accelerators.yaml");

    private AcceleratorCatalog(string? path) => _entries.Load(path, Read);

    /// <summary>All accelerators, in the catalog's order.</summary>
    public IReadOnlyList<AcceleratorSpec> Accelerators => _entries.All;

    /// <summary>Reads the built-in catalog and, over it, a user's own.</summary>
    /// <param name="path">A folder or a file named <c>accelerators.yaml</c>; null for none.</param>
    /// <exception cref="AgentOpsException">A file is malformed; says file, line and column.</exception>
    public static AcceleratorCatalog Load(string? path = null) => new(path);

    /// <summary>Finds an accelerator.</summary>
    /// <param name="name">Its name or an alias; case does not matter.</param>
    /// <exception cref="AgentOpsException">There is none of that name; names the nearest.</exception>
    public AcceleratorSpec Find(string name) => _entries.ByName.TryGetValue(name, out var accelerator) ? accelerator : throw _entries.NotFound(name);

    private static (AcceleratorSpec Entry, IReadOnlyList<string> Aliases) Read(CatalogNode node)
    {
        var aliases = node.Texts("aliases");
        var accelerator = new AcceleratorSpec
        {
            Name = node.Text("name"),
            Title = node.Text("title"),
            MemoryBytes = node.Number("memory") * 1e9,
            MemoryBandwidth = node.Number("bandwidth") * 1e9,
            HalfFlops = node.Number("tflops-16") * 1e12,
            Float8Flops = node.Number("tflops-8", 0) * 1e12,
            Integer8Flops = node.Number("tops-int8", 0) * 1e12,
            Float4Flops = node.Number("tflops-4", 0) * 1e12,
            LinkBandwidth = node.Number("link-bandwidth") * 1e9,
            LinkLatency = node.Number("link-latency", 1),
            HostBandwidth = node.Number("host-bandwidth", 25) * 1e9,
            DevicesPerNode = node.Integer("devices-per-node", 8),
            PowerWatts = node.Number("power"),
            IdleWatts = node.Number("idle-power", 0),
            MemoryEfficiency = node.Number("memory-efficiency", 1),
            ComputeEfficiency = node.Number("compute-efficiency", 1),
            OverheadScale = node.Number("overhead-scale", 1),
            PricePerHour = node.Money("price"),
            PriceSource = node.OptionalText("price-source") ?? "",
            PriceDate = node.Date("price-date"),
            Source = node.Text("source"),
        };
        node.RefuseUnknown();
        if (accelerator.MemoryBytes <= 0 || accelerator.MemoryBandwidth <= 0 || accelerator.HalfFlops <= 0 || accelerator.LinkBandwidth <= 0)
        {
            throw new AgentOpsException(ErrorCodes.CatalogInvalid, $"{node.Place}: memory, bandwidth, tflops-16 and link-bandwidth must be above 0.", node.Place);
        }

        return (accelerator, aliases);
    }
}
