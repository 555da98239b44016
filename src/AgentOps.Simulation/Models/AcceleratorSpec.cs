namespace AgentOps.Simulation.Models;

/// <summary>An accelerator, as its data sheet states it.</summary>
public sealed record AcceleratorSpec
{
    /// <summary>The name in the catalog.</summary>
    public required string Name { get; init; }

    /// <summary>The name that its maker gives it.</summary>
    public string Title { get; init; } = "";

    /// <summary>Device memory in bytes.</summary>
    public required double MemoryBytes { get; init; }

    /// <summary>Memory bandwidth in bytes a second.</summary>
    public required double MemoryBandwidth { get; init; }

    /// <summary>Dense 16-bit matrix FLOP/s, without sparsity.</summary>
    public required double HalfFlops { get; init; }

    /// <summary>Dense 8-bit FLOP/s; 0 where the device computes 8-bit weights in 16 bits.</summary>
    public double Float8Flops { get; init; }

    /// <summary>Dense 8-bit integer operations a second; 0 where the device has none.</summary>
    public double Integer8Flops { get; init; }

    /// <summary>Dense 4-bit FLOP/s; 0 where the device computes 4-bit weights in a wider format.</summary>
    public double Float4Flops { get; init; }

    /// <summary>Bytes a second from one device to its peers within the node, one direction.</summary>
    public required double LinkBandwidth { get; init; }

    /// <summary>Latency of one hop between devices, as a multiple of an NVLink switch's.</summary>
    public double LinkLatency { get; init; } = 1;

    /// <summary>Bytes a second between the host's memory and the device.</summary>
    public double HostBandwidth { get; init; } = 25e9;

    /// <summary>Devices in one node that share the link.</summary>
    public int DevicesPerNode { get; init; } = 8;

    /// <summary>Thermal design power in watts.</summary>
    public required double PowerWatts { get; init; }

    /// <summary>Power of an idle device in watts.</summary>
    public double IdleWatts { get; init; }

    /// <summary>Memory efficiency relative to the device the coefficients were fitted on.</summary>
    public double MemoryEfficiency { get; init; } = 1;

    /// <summary>Compute efficiency relative to the device the coefficients were fitted on.</summary>
    public double ComputeEfficiency { get; init; } = 1;

    /// <summary>Time of fixed overheads relative to the device the coefficients were fitted on.</summary>
    public double OverheadScale { get; init; } = 1;

    /// <summary>US dollars an hour of one device, null where none is sold.</summary>
    public decimal? PricePerHour { get; init; }

    /// <summary>Where the price was seen.</summary>
    public string PriceSource { get; init; } = "";

    /// <summary>When the price was seen.</summary>
    public DateOnly? PriceDate { get; init; }

    /// <summary>Where the figures come from.</summary>
    public string Source { get; init; } = "";

    /// <summary>Operations a second for weights in a format: the widest path at least as wide that the device has.</summary>
    /// <param name="precision">The weights' format.</param>
    public double FlopsFor(Precision precision) => precision switch
    {
        Precision.Float8 => Float8Flops > 0 ? Float8Flops : HalfFlops,
        Precision.Integer8 => Integer8Flops > 0 ? Integer8Flops : HalfFlops,
        Precision.Float4 => Float4Flops > 0 ? Float4Flops : HalfFlops,
        _ => HalfFlops,
    };
}
