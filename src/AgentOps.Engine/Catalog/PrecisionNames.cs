using AgentOps.Simulation.Models;

namespace AgentOps.Engine.Catalog;

/// <summary>How number formats are written in catalogs, requests and results.</summary>
public static class PrecisionNames
{
    /// <summary>All names that are understood.</summary>
    public static IReadOnlyDictionary<string, Precision> All { get; } = new Dictionary<string, Precision>(StringComparer.OrdinalIgnoreCase)
    {
        ["fp16"] = Precision.Half,
        ["bf16"] = Precision.Half,
        ["fp8"] = Precision.Float8,
        ["int8"] = Precision.Integer8,
        ["fp4"] = Precision.Float4,
    };

    /// <summary>The name of a format.</summary>
    /// <param name="precision">The format.</param>
    public static string Name(this Precision precision) => precision switch
    {
        Precision.Float8 => "fp8",
        Precision.Integer8 => "int8",
        Precision.Float4 => "fp4",
        _ => "bf16",
    };
}
