namespace AgentOps.Simulation.Models;

/// <summary>The architecture of a transformer, as its published configuration states it.</summary>
public sealed record ModelSpec
{
    /// <summary>The name in the catalog.</summary>
    public required string Name { get; init; }

    /// <summary>The family, for cross-validation and display.</summary>
    public required string Family { get; init; }

    /// <summary>Transformer layers.</summary>
    public required int Layers { get; init; }

    /// <summary>Width of the residual stream.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>Query heads.</summary>
    public required int Heads { get; init; }

    /// <summary>Key and value heads; fewer than <see cref="Heads"/> with grouped-query attention.</summary>
    public required int KeyValueHeads { get; init; }

    /// <summary>Width of a head.</summary>
    public required int HeadSize { get; init; }

    /// <summary>Width of the dense block; of the dense layers alone in a mixture of experts.</summary>
    public required int IntermediateSize { get; init; }

    /// <summary>Tokens of the vocabulary.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Whether input and output embeddings are one matrix.</summary>
    public bool TiedEmbeddings { get; init; }

    /// <summary>Width of the compressed key-value vector of latent attention (rank plus rotary part), 0 without it.</summary>
    public int LatentSize { get; init; }

    /// <summary>Rank of the compressed query of latent attention, 0 where queries are not compressed.</summary>
    public int QueryLatentSize { get; init; }

    /// <summary>Tokens that a windowed or sparse layer attends to, 0 where all layers attend to everything.</summary>
    public int AttentionWindow { get; init; }

    /// <summary>Layers that attend to <see cref="AttentionWindow"/> tokens only.</summary>
    public int WindowedLayers { get; init; }

    /// <summary>The experts, null in a dense model.</summary>
    public ExpertSpec? Experts { get; init; }

    /// <summary>The weights' own format, used when a scenario names none.</summary>
    public Precision Precision { get; init; }

    /// <summary>The format of the routed experts where it differs from the rest (for example MXFP4 experts in a BF16 model).</summary>
    public Precision? ExpertPrecision { get; init; }

    /// <summary>
    /// Whether the model's published generation settings ask for nucleus or top-k sampling, which servers then do by default:
    /// it sorts the whole vocabulary for each token.
    /// </summary>
    public bool NucleusSampling { get; init; }

    /// <summary>The longest context the model takes, in tokens.</summary>
    public int MaximumContext { get; init; }

    /// <summary>Where the figures come from.</summary>
    public string Source { get; init; } = "";

    /// <summary>Parameters of attention, all layers.</summary>
    public double AttentionParameters => Layers * (LatentSize > 0 ? LatentAttentionParameters : GroupedAttentionParameters);

    /// <summary>Parameters of dense blocks and shared experts, all layers, with routers.</summary>
    public double DenseBlockParameters => Experts is null
        ? Layers * 3.0 * HiddenSize * IntermediateSize
        : (Experts.DenseLayers * 3.0 * HiddenSize * IntermediateSize)
            + (ExpertLayers * ((3.0 * HiddenSize * Experts.SharedIntermediateSize * Experts.Shared) + (HiddenSize * (double)Experts.Count)));

    /// <summary>Parameters of one routed expert in one layer.</summary>
    public double ExpertParameters => Experts is null ? 0 : 3.0 * HiddenSize * Experts.IntermediateSize;

    /// <summary>Layers that route to experts.</summary>
    public int ExpertLayers => Experts is null ? 0 : Layers - Experts.DenseLayers;

    /// <summary>Parameters of the output embedding.</summary>
    public double HeadParameters => (double)VocabularySize * HiddenSize;

    /// <summary>All parameters.</summary>
    public double TotalParameters => AttentionParameters + DenseBlockParameters
        + (ExpertLayers * (Experts?.Count ?? 0) * ExpertParameters)
        + (HeadParameters * (TiedEmbeddings ? 1 : 2));

    /// <summary>Parameters that one token uses.</summary>
    public double ActiveParameters => AttentionParameters + DenseBlockParameters
        + (ExpertLayers * (Experts?.Active ?? 0) * ExpertParameters)
        + HeadParameters;

    /// <summary>Values of KV cache a token and layer.</summary>
    public int KeyValueWidth => LatentSize > 0 ? LatentSize : 2 * KeyValueHeads * HeadSize;

    private double GroupedAttentionParameters => (double)HiddenSize * HeadSize * ((2.0 * Heads) + (2.0 * KeyValueHeads));

    private double LatentAttentionParameters
    {
        get
        {
            var rotary = 64;
            var queryWidth = (double)Heads * (HeadSize + rotary);
            var query = QueryLatentSize > 0
                ? (HiddenSize * (double)QueryLatentSize) + (QueryLatentSize * queryWidth)
                : HiddenSize * queryWidth;
            return query + ((double)HiddenSize * LatentSize)
                + ((LatentSize - rotary) * (double)Heads * 2 * HeadSize)
                + ((double)Heads * HeadSize * HiddenSize);
        }
    }
}
