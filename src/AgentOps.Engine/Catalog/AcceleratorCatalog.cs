using AgentOps.Engine.Errors;
using AgentOps.Simulation.Models;

namespace AgentOps.Engine.Catalog;

/// <summary>The accelerators that can be simulated, by name.</summary>
public sealed class AcceleratorCatalog
{
    private const string FileName = "accelerators.yaml";
    private readonly Dictionary<string, AcceleratorSpec> _byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<AcceleratorSpec> _accelerators = [];

    private AcceleratorCatalog()
    {
    }

    /// <summary>All accelerators, in the catalog's order.</summary>
    public IReadOnlyList<AcceleratorSpec> Accelerators => _accelerators;

    /// <summary>Reads the built-in catalog and, over it, a user's own.</summary>
    /// <param name="path">A folder or a file named <c>accelerators.yaml</c>; null for none.</param>
    /// <exception cref="AgentOpsException">A file is malformed; says file, line and column.</exception>
    public static AcceleratorCatalog Load(string? path = null)
    {
        var catalog = new AcceleratorCatalog();
        CatalogText.Read(path, FileName, catalog.Read);
        return catalog;
    }

    /// <summary>Finds an accelerator.</summary>
    /// <param name="name">Its name or an alias; case does not matter.</param>
    /// <exception cref="AgentOpsException">There is none of that name; names the nearest.</exception>
    public AcceleratorSpec Find(string name)
    {
        if (_byName.TryGetValue(name, out var accelerator))
        {
            return accelerator;
        }

        var nearest = NearestName.Of(name, _byName.Keys);
        throw new AgentOpsException(
            ErrorCodes.CatalogEntryNotFound,
            $"No catalog has an accelerator '{name}'." + (nearest is null ? "" : $" Did you mean '{nearest}'?"),
            name,
            $"Known accelerators: {string.Join(", ", _accelerators.Select(known => known.Name))}. Add others in an accelerators.yaml of your own.");
    }

    private static AcceleratorSpec Read(CatalogNode node, out IReadOnlyList<string> aliases)
    {
        aliases = node.Texts("aliases");
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

        return accelerator;
    }

    private void Read(string file, TextReader text)
    {
        foreach (var node in CatalogNode.Entries(file, text))
        {
            var accelerator = Read(node, out var aliases);
            if (_byName.TryGetValue(accelerator.Name, out var replaced))
            {
                _accelerators[_accelerators.IndexOf(replaced)] = accelerator;
            }
            else
            {
                _accelerators.Add(accelerator);
            }

            _byName[accelerator.Name] = accelerator;
            foreach (var alias in aliases)
            {
                _byName[alias] = accelerator;
            }
        }
    }
}
