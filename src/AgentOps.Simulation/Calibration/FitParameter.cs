using AgentOps.Simulation.Latency;

namespace AgentOps.Simulation.Calibration;

/// <summary>One fitted number: how it is read and set, and how far from its prior it may easily go.</summary>
/// <param name="Name">Its name in the catalog.</param>
/// <param name="Deviation">Standard deviation of its logarithm under the prior.</param>
/// <param name="Get">Reads it.</param>
/// <param name="Set">Gives coefficients with another value of it.</param>
public sealed record FitParameter(
    string Name,
    double Deviation,
    Func<LatencyCoefficients, double> Get,
    Func<LatencyCoefficients, double, LatencyCoefficients> Set)
{
    /// <summary>The largest value that makes sense, for example 1 for an efficiency.</summary>
    public double Largest { get; init; } = double.MaxValue;

    /// <summary>Whether it is about experts or narrow weights, and not about every model.</summary>
    public bool DiffersByKind => Name.StartsWith("expert", StringComparison.Ordinal) || Name.StartsWith("quantized", StringComparison.Ordinal);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<FitParameter> All { get; } =
    [
        new("weight-efficiency", 0.05, c => c.WeightEfficiency, (c, v) => c with { WeightEfficiency = v }) { Largest = 0.95 },
        new("kv-efficiency", 0.03, c => c.KeyValueEfficiency, (c, v) => c with { KeyValueEfficiency = v }) { Largest = 0.95 },
        new("compute-efficiency", 0.15, c => c.ComputeEfficiency, (c, v) => c with { ComputeEfficiency = v }) { Largest = 0.9 },
        new("attention-efficiency", 0.3, c => c.AttentionEfficiency, (c, v) => c with { AttentionEfficiency = v }) { Largest = 0.8 },
        new("padding-tokens", 0.5, c => c.PaddingTokens, (c, v) => c with { PaddingTokens = v }),
        new("layer-us", 0.3, c => c.LayerMicroseconds, (c, v) => c with { LayerMicroseconds = v }),
        new("quantized-layer-us", 0.3, c => c.QuantizedLayerMicroseconds, (c, v) => c with { QuantizedLayerMicroseconds = v }),
        new("step-us", 0.7, c => c.StepMicroseconds, (c, v) => c with { StepMicroseconds = v }),
        new("sequence-us", 0.4, c => c.SequenceMicroseconds, (c, v) => c with { SequenceMicroseconds = v }),
        new("prompt-step-us", 0.7, c => c.PromptStepMicroseconds, (c, v) => c with { PromptStepMicroseconds = v }),
        new("prompt-layer-us", 0.5, c => c.PromptLayerMicroseconds, (c, v) => c with { PromptLayerMicroseconds = v }),
        new("collective-us", 0.3, c => c.CollectiveMicroseconds, (c, v) => c with { CollectiveMicroseconds = v }),
        new("collective-efficiency", 0.3, c => c.CollectiveEfficiency, (c, v) => c with { CollectiveEfficiency = v }) { Largest = 0.95 },
        new("expert-weight-efficiency", 0.1, c => c.ExpertWeightEfficiency, (c, v) => c with { ExpertWeightEfficiency = v }) { Largest = 0.95 },
        new("expert-compute-efficiency", 0.3, c => c.ExpertComputeEfficiency, (c, v) => c with { ExpertComputeEfficiency = v }) { Largest = 0.8 },
        new("expert-layer-us", 0.3, c => c.ExpertLayerMicroseconds, (c, v) => c with { ExpertLayerMicroseconds = v }),
        new("expert-prompt-layer-us", 0.7, c => c.ExpertPromptLayerMicroseconds, (c, v) => c with { ExpertPromptLayerMicroseconds = v }),
        new("quantized-expert-prompt-layer-us", 0.7, c => c.QuantizedExpertPromptLayerMicroseconds, (c, v) => c with { QuantizedExpertPromptLayerMicroseconds = v }),
        new("expert-skew", 0.5, c => c.ExpertSkew, (c, v) => c with { ExpertSkew = v }) { Largest = 2 },
        new("nucleus-us", 0.7, c => c.NucleusMicroseconds, (c, v) => c with { NucleusMicroseconds = v }),
        new("nucleus-step-us", 0.7, c => c.NucleusStepMicroseconds, (c, v) => c with { NucleusStepMicroseconds = v }),
        new("ingress-ms", 0.5, c => c.IngressMilliseconds, (c, v) => c with { IngressMilliseconds = v }),
        new("ingress-us-per-token", 0.2, c => c.IngressMicrosecondsPerToken, (c, v) => c with { IngressMicrosecondsPerToken = v }),
    ];
}
