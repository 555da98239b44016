namespace AgentOps.Simulation.Models;

/// <summary>Number formats of weights, activations or the KV cache.</summary>
public enum Precision
{
    /// <summary>16 bits, FP16 or BF16.</summary>
    Half,

    /// <summary>8-bit floating point.</summary>
    Float8,

    /// <summary>8-bit integers.</summary>
    Integer8,

    /// <summary>4-bit floating point with shared scales (NVFP4 or MXFP4), 4.5 bits a weight with them.</summary>
    Float4,
}
