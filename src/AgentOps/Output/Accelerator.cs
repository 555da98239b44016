using AgentOps.Simulation.Models;

namespace AgentOps.Output;

/// <summary>An accelerator of the catalog.</summary>
public sealed record Accelerator
{
    /// <summary>Name.</summary>
    public required string Name { get; init; }

    /// <summary>The vendor's name.</summary>
    public required string Title { get; init; }

    /// <summary>Memory in GB (10^9 bytes).</summary>
    public required double MemoryGB { get; init; }

    /// <summary>Memory bandwidth in GB/s.</summary>
    public required double BandwidthGBps { get; init; }

    /// <summary>Dense 16-bit TFLOP/s.</summary>
    public required double HalfTeraflops { get; init; }

    /// <summary>Power in watts.</summary>
    public required double PowerWatts { get; init; }

    /// <summary>USD an hour of one device; null where no price is known.</summary>
    public decimal? PricePerHour { get; init; }

    /// <summary>Where the price comes from.</summary>
    public required string PriceSource { get; init; }

    /// <summary>Where the other figures come from.</summary>
    public required string Source { get; init; }

    /// <summary>The name, so that the object serves where one is asked for.</summary>
    public override string ToString() => Name;

    internal static Accelerator From(AcceleratorSpec spec) => new()
    {
        Name = spec.Name,
        Title = spec.Title,
        MemoryGB = spec.MemoryBytes / 1e9,
        BandwidthGBps = spec.MemoryBandwidth / 1e9,
        HalfTeraflops = spec.HalfFlops / 1e12,
        PowerWatts = spec.PowerWatts,
        PricePerHour = spec.PricePerHour,
        PriceSource = spec.PriceSource,
        Source = spec.Source,
    };
}
