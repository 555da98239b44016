namespace AgentOps.Simulation.Latency;

/// <summary>
/// The few fitted numbers of the step-latency model. The shipped values and how they came about are data
/// (<c>module/catalog/latency.yaml</c>).
/// </summary>
public sealed record LatencyCoefficients
{
    /// <summary>Share of memory bandwidth reached while weights are read.</summary>
    public double WeightEfficiency { get; init; } = 0.88;

    /// <summary>Share of memory bandwidth reached while the KV cache is read.</summary>
    public double KeyValueEfficiency { get; init; } = 0.92;

    /// <summary>Share of peak FLOP/s that large matrix products reach.</summary>
    public double ComputeEfficiency { get; init; } = 0.6;

    /// <summary>Share of peak FLOP/s that attention over a prompt reaches.</summary>
    public double AttentionEfficiency { get; init; } = 0.5;

    /// <summary>Tokens by which a matrix product is padded, as it were: its fill and drain, tile and wave losses.</summary>
    public double PaddingTokens { get; init; } = 32;

    /// <summary>Microseconds a layer that are not roofline: norms, rotary, activation, launches.</summary>
    public double LayerMicroseconds { get; init; } = 28;

    /// <summary>Microseconds more a layer whose weights are narrower than 16 bits: activations are scaled and converted.</summary>
    public double QuantizedLayerMicroseconds { get; init; } = 20;

    /// <summary>Microseconds a step: scheduling, input preparation, sampling.</summary>
    public double StepMicroseconds { get; init; } = 500;

    /// <summary>Microseconds a step for each sequence in it.</summary>
    public double SequenceMicroseconds { get; init; } = 8;

    /// <summary>Microseconds more for a step that holds a prompt.</summary>
    public double PromptStepMicroseconds { get; init; } = 300;

    /// <summary>
    /// Microseconds more a layer in a step that holds a prompt: the graph captured for decoding can't be replayed whole, so that
    /// attention is launched from the host.
    /// </summary>
    public double PromptLayerMicroseconds { get; init; } = 30;

    /// <summary>Microseconds of one all-reduce between two devices, before any byte.</summary>
    public double CollectiveMicroseconds { get; init; } = 5;

    /// <summary>Share of the link's bandwidth that an all-reduce reaches.</summary>
    public double CollectiveEfficiency { get; init; } = 0.6;

    /// <summary>Share of memory bandwidth reached while routed experts' weights are read.</summary>
    public double ExpertWeightEfficiency { get; init; } = 0.85;

    /// <summary>Share of peak FLOP/s that the experts' grouped products reach.</summary>
    public double ExpertComputeEfficiency { get; init; } = 0.2;

    /// <summary>Microseconds a mixture-of-experts layer: routing, permutation, dispatch.</summary>
    public double ExpertLayerMicroseconds { get; init; } = 40;

    /// <summary>
    /// Microseconds more a mixture-of-experts layer while a prompt is computed, reached as the prompt's part of the step grows:
    /// grouped products leave the shapes that they are tuned and captured for.
    /// </summary>
    public double ExpertPromptLayerMicroseconds { get; init; } = 250;

    /// <summary>Microseconds more of that where the experts' activations are quantized too.</summary>
    public double QuantizedExpertPromptLayerMicroseconds { get; init; } = 400;

    /// <summary>Exponent of Zipf's law over the experts' popularity: 0 where routers spread tokens evenly.</summary>
    public double ExpertSkew { get; init; } = 0.5;

    /// <summary>Microseconds a sequence to sort the logits of a vocabulary of 100,000 for nucleus sampling.</summary>
    public double NucleusMicroseconds { get; init; } = 20;

    /// <summary>Microseconds a step that nucleus sampling takes before any sequence.</summary>
    public double NucleusStepMicroseconds { get; init; } = 200;

    /// <summary>Milliseconds from the client to the scheduler: connection, parsing, tokenising.</summary>
    public double IngressMilliseconds { get; init; } = 4;

    /// <summary>Microseconds of ingress a prompt token.</summary>
    public double IngressMicrosecondsPerToken { get; init; } = 1.5;
}
