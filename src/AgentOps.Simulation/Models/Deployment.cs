namespace AgentOps.Simulation.Models;

/// <summary>How one replica of a model lies on its accelerators.</summary>
public sealed record Deployment
{
    /// <summary>The model.</summary>
    public required ModelSpec Model { get; init; }

    /// <summary>The accelerator.</summary>
    public required AcceleratorSpec Accelerator { get; init; }

    /// <summary>Devices that share each layer.</summary>
    public int TensorParallel { get; init; } = 1;

    /// <summary>Stages that the layers are cut into.</summary>
    public int PipelineParallel { get; init; } = 1;

    /// <summary>Groups that each hold attention for their own requests while they share the experts.</summary>
    public int DataParallel { get; init; } = 1;

    /// <summary>Whether whole experts, and not slices of each, lie on the devices.</summary>
    public bool ExpertParallel { get; init; }

    /// <summary>Load of the busiest device's experts over the mean, 1 when even; counts with <see cref="ExpertParallel"/>.</summary>
    public double ExpertImbalance { get; init; } = 1;

    /// <summary>Format of the weights; null for the model's own.</summary>
    public Precision? WeightPrecision { get; init; }

    /// <summary>Format of the KV cache.</summary>
    public Precision KeyValuePrecision { get; init; } = Precision.Half;

    /// <summary>Share of device memory that the server may use, 0 to 1.</summary>
    public double MemoryUtilization { get; init; } = 0.9;

    /// <summary>Whether tokens are drawn by nucleus or top-k sampling; null for the model's own default.</summary>
    public bool? NucleusSampling { get; init; }

    /// <summary>Devices of one replica.</summary>
    public int Devices => TensorParallel * PipelineParallel * DataParallel;

    /// <summary>Format of the weights in use.</summary>
    public Precision Weights => WeightPrecision ?? Model.Precision;

    /// <summary>Format of the routed experts' weights in use.</summary>
    public Precision ExpertWeights => WeightPrecision is { } chosen && chosen != Model.Precision
        ? chosen
        : Model.ExpertPrecision ?? Weights;

    /// <summary>Bytes of weights on the fullest device.</summary>
    public double WeightBytesPerDevice
    {
        get
        {
            var experts = Model.ExpertLayers * (Model.Experts?.Count ?? 0) * Model.ExpertParameters * ExpertWeights.Bytes();
            var shared = (Model.AttentionParameters + Model.DenseBlockParameters) * Weights.Bytes();
            // Embeddings stay in 16 bits in published quantised checkpoints.
            var embeddings = Model.HeadParameters * 2 * (Model.TiedEmbeddings ? 1 : 2);
            return ((shared + embeddings) / (TensorParallel * PipelineParallel)) + (experts / Devices);
        }
    }

    /// <summary>Bytes of KV cache that one token takes on a device of its group.</summary>
    public double KeyValueBytesPerTokenAndDevice
    {
        get
        {
            // Fewer KV heads than devices: each device holds a copy of one. A latent vector is held by every device.
            var split = Model.LatentSize > 0 ? 1 : Math.Min(TensorParallel, Model.KeyValueHeads);
            return (double)Model.Layers / PipelineParallel * Model.KeyValueWidth * KeyValuePrecision.Bytes() / split;
        }
    }

    /// <summary>
    /// KV blocks of one replica, from what the memory leaves after weights and the activations of a full step;
    /// 0 or less when the weights alone don't fit.
    /// </summary>
    /// <param name="blockSize">Tokens in a block.</param>
    /// <param name="stepTokens">The largest number of tokens in one step.</param>
    public long KeyValueBlocks(int blockSize, int stepTokens)
    {
        // What vLLM reports as peak activation memory grows with the step's widest tensors; runtime and graphs take about 1.5 GB.
        var widest = Math.Max(Model.IntermediateSize, 2 * Model.HiddenSize) / (double)TensorParallel;
        var activations = (stepTokens * 2.0 * ((3 * widest) + (4.0 * Model.HiddenSize))) + 1.5e9;
        var free = (Accelerator.MemoryBytes * MemoryUtilization) - WeightBytesPerDevice - activations;
        return (long)Math.Floor(free / (KeyValueBytesPerTokenAndDevice * blockSize)) * DataParallel;
    }

    /// <summary>
    /// The same on the fewest devices of a node, a power of two, that leave room for the weights and at least one long request
    /// (8,192 tokens); unchanged where even a whole node does not.
    /// </summary>
    /// <param name="blockSize">Tokens in a KV block.</param>
    /// <param name="stepTokens">The largest number of tokens in one step.</param>
    public Deployment OnFewestDevices(int blockSize, int stepTokens)
    {
        const int LongRequest = 8192;
        for (var devices = 1; devices <= Accelerator.DevicesPerNode && Model.Heads % devices == 0; devices *= 2)
        {
            var candidate = this with { TensorParallel = devices };
            if (candidate.KeyValueBlocks(blockSize, stepTokens) * blockSize >= LongRequest)
            {
                return candidate;
            }
        }

        return this;
    }
}
