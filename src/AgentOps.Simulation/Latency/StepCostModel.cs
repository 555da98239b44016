using AgentOps.Simulation.Models;
using AgentOps.Simulation.Numerics;

namespace AgentOps.Simulation.Latency;

/// <summary>
/// How long one step of the engine takes. A roofline (Williams, Waterman and Patterson, 2009) over each kind of kernel,
/// added up over the kernels, which run one after the other, plus overheads. Everything is in whole picoseconds and
/// linear in the KV tokens read, so that many decode steps have a closed form. Each term is monotone: it never falls with
/// more tokens and never rises with more bandwidth or FLOP/s, exactly, because every operation on the way is.
/// </summary>
public sealed class StepCostModel
{
    private const double Picoseconds = 1e12;

    private readonly long[] _decodeBase;
    private readonly double[] _touchedExperts;

    private readonly double _denseSecondsPerToken;
    private readonly double _denseWeightSeconds;
    private readonly double _headSecondsPerSequence;
    private readonly double _headWeightSeconds;
    private readonly double _expertSecondsPerToken;
    private readonly double _expertWeightSeconds;
    private readonly double _collectiveSeconds;
    private readonly double _collectiveSecondsPerToken;
    private readonly double _fixedSeconds;
    private readonly double _sequenceSeconds;
    private readonly double _promptStepSeconds;
    private readonly double _expertPromptSeconds;
    private readonly double _attentionPicosecondsPerPair;
    private readonly double _paddingTokens;
    private readonly double _batchSplit;

    /// <summary>Works the model out for one deployment.</summary>
    /// <param name="deployment">Model, accelerator and layout.</param>
    /// <param name="coefficients">The fitted numbers.</param>
    /// <param name="maximumTokens">The largest number of tokens in one step.</param>
    /// <param name="maximumSequences">The largest number of sequences in one step.</param>
    public StepCostModel(Deployment deployment, LatencyCoefficients coefficients, int maximumTokens, int maximumSequences)
    {
        var model = deployment.Model;
        var device = deployment.Accelerator;
        var experts = model.Experts;
        double tensor = deployment.TensorParallel;
        double data = deployment.DataParallel;
        double pipeline = deployment.PipelineParallel;
        var bandwidth = device.MemoryBandwidth * device.MemoryEfficiency;
        var weightBandwidth = bandwidth * coefficients.WeightEfficiency;
        var keyValueBandwidth = bandwidth * coefficients.KeyValueEfficiency;
        var expertBandwidth = bandwidth * coefficients.ExpertWeightEfficiency;
        var compute = device.FlopsFor(deployment.Weights) * device.ComputeEfficiency * coefficients.ComputeEfficiency;
        var halfCompute = device.HalfFlops * device.ComputeEfficiency;
        var expertCompute = device.FlopsFor(deployment.ExpertWeights) * device.ComputeEfficiency * coefficients.ExpertComputeEfficiency;

        // With p stages the batch is cut into p micro-batches, each of which passes all layers: a cycle reads all weights once a stage.
        _batchSplit = 1 / (pipeline * data);
        _paddingTokens = coefficients.PaddingTokens;

        var dense = model.AttentionParameters + model.DenseBlockParameters;
        _denseSecondsPerToken = 2 * dense / tensor / compute;
        _denseWeightSeconds = dense * deployment.Weights.Bytes() / tensor / weightBandwidth;
        _headSecondsPerSequence = 2 * model.HeadParameters / tensor / (halfCompute * coefficients.ComputeEfficiency);
        _headWeightSeconds = model.HeadParameters * 2 / tensor / weightBandwidth;

        if (experts is not null)
        {
            var group = tensor * data;
            var imbalance = deployment.ExpertParallel ? Math.Max(1, deployment.ExpertImbalance) : 1;
            _expertSecondsPerToken = 2 * model.ExpertLayers * experts.Active * model.ExpertParameters * imbalance / group * data / expertCompute;
            _expertWeightSeconds = model.ExpertLayers * model.ExpertParameters * deployment.ExpertWeights.Bytes() * imbalance / group / expertBandwidth;
        }

        _touchedExperts = TouchedExperts(experts, coefficients.ExpertSkew, maximumTokens);

        // A ring or tree over n devices takes two passes; latency grows with the logarithm, bytes with 2 (n − 1) / n.
        var collectives = tensor > 1 ? 2.0 * model.Layers : 0;
        var exchanges = experts is not null && (deployment.ExpertParallel || data > 1) ? 2.0 * model.ExpertLayers : 0;
        var hops = Levels(deployment.TensorParallel * deployment.DataParallel);
        var link = device.LinkBandwidth * coefficients.CollectiveEfficiency;
        var groupSize = tensor * data;
        _collectiveSeconds = (collectives + exchanges) * hops * coefficients.CollectiveMicroseconds * device.LinkLatency * 1e-6;
        _collectiveSecondsPerToken = collectives * 2 * (tensor - 1) / tensor * model.HiddenSize * 2 / link;
        if (experts is not null && exchanges > 0)
        {
            _collectiveSecondsPerToken += exchanges * experts.Active * model.HiddenSize * 2 * (groupSize - 1) / groupSize / link;
        }

        if (experts is { CrossExchange: > 0 })
        {
            var share = groupSize > 1 ? (groupSize - 1) / groupSize / link : 1 / bandwidth;
            _collectiveSecondsPerToken += model.ExpertLayers * experts.CrossExchange * model.HiddenSize * 2 * experts.Active * share;
        }

        var scale = device.OverheadScale;
        var quantized = deployment.Weights == Precision.Half ? 0 : coefficients.QuantizedLayerMicroseconds;
        _fixedSeconds = scale * 1e-6 * pipeline * (coefficients.StepMicroseconds
            + (model.Layers / pipeline * (coefficients.LayerMicroseconds + quantized))
            + (model.ExpertLayers / pipeline * coefficients.ExpertLayerMicroseconds));
        _sequenceSeconds = scale * 1e-6 * coefficients.SequenceMicroseconds;
        _promptStepSeconds = scale * 1e-6 * (coefficients.PromptStepMicroseconds + (model.Layers * coefficients.PromptLayerMicroseconds));
        _expertPromptSeconds = scale * 1e-6 * model.ExpertLayers * (coefficients.ExpertPromptLayerMicroseconds
            + (deployment.ExpertWeights is Precision.Float8 or Precision.Integer8 ? coefficients.QuantizedExpertPromptLayerMicroseconds : 0));
        if (deployment.NucleusSampling ?? model.NucleusSampling)
        {
            _fixedSeconds += scale * 1e-6 * coefficients.NucleusStepMicroseconds;
            _sequenceSeconds += 1e-6 * coefficients.NucleusMicroseconds * model.VocabularySize / 1e5;
        }

        var fullLayers = model.Layers - model.WindowedLayers;
        KeyValuePicoseconds = ToPicoseconds(deployment.KeyValueBytesPerTokenAndDevice * pipeline / model.Layers * fullLayers / keyValueBandwidth * _batchSplit * pipeline);
        WindowPicoseconds = ToPicoseconds(deployment.KeyValueBytesPerTokenAndDevice * pipeline / model.Layers * model.WindowedLayers / keyValueBandwidth * _batchSplit * pipeline);
        Window = model.WindowedLayers > 0 ? model.AttentionWindow : 0;

        var pairWidth = model.LatentSize > 0 ? 2.0 * model.LatentSize : 2.0 * model.HeadSize;
        _attentionPicosecondsPerPair = 2 * pairWidth * model.Heads * model.Layers / tensor
            / (halfCompute * coefficients.AttentionEfficiency) * _batchSplit * pipeline * Picoseconds;

        MaximumSequences = maximumSequences;
        _decodeBase = new long[maximumSequences + 1];
        for (var sequences = 1; sequences <= maximumSequences; sequences++)
        {
            _decodeBase[sequences] = ToPicoseconds(Seconds(sequences, sequences));
        }
    }

    /// <summary>Picoseconds to read one token's KV cache in the layers that attend to everything.</summary>
    public long KeyValuePicoseconds { get; }

    /// <summary>Picoseconds to read one token's KV cache in the windowed layers.</summary>
    public long WindowPicoseconds { get; }

    /// <summary>Tokens a windowed layer attends to; 0 without such layers.</summary>
    public int Window { get; }

    /// <summary>The largest batch.</summary>
    public int MaximumSequences { get; }

    /// <summary>A decode step's time without its KV reads, in picoseconds.</summary>
    /// <param name="sequences">Sequences that decode, at least 1.</param>
    public long DecodeBase(int sequences) => _decodeBase[sequences];

    /// <summary>The time of a step that also holds prompts, in picoseconds.</summary>
    /// <param name="decodeSequences">Sequences that decode one token each.</param>
    /// <param name="decodeTokens">Further tokens that decoding sequences verify (speculation).</param>
    /// <param name="promptTokens">Prompt tokens computed.</param>
    /// <param name="promptSequences">Sequences whose prompt is computed.</param>
    /// <param name="pairs">Pairs of a new prompt token and a token that it attends to.</param>
    /// <param name="contextTokens">KV tokens read in full layers: by decoding sequences and by prompts.</param>
    /// <param name="windowTokens">KV tokens read in windowed layers.</param>
    public long Step(int decodeSequences, int decodeTokens, int promptTokens, int promptSequences, double pairs, long contextTokens, long windowTokens)
    {
        var sequences = decodeSequences + promptSequences;
        var seconds = Seconds(decodeSequences + decodeTokens + promptTokens, sequences + decodeTokens);
        if (promptSequences > 0)
        {
            seconds += _promptStepSeconds + (_expertPromptSeconds * promptTokens / (promptTokens + 128.0));
        }

        return ToPicoseconds(seconds) + (long)(pairs * _attentionPicosecondsPerPair)
            + (contextTokens * KeyValuePicoseconds) + (windowTokens * WindowPicoseconds);
    }

    /// <summary>Expected distinct experts that a number of tokens touch.</summary>
    /// <param name="tokens">Tokens in the step.</param>
    public double DistinctExperts(int tokens) => _touchedExperts[Math.Min(tokens, _touchedExperts.Length - 1)];

    private static double[] TouchedExperts(ExpertSpec? experts, double skew, int maximumTokens)
    {
        if (experts is null)
        {
            return [0];
        }

        // Popularity falls as rank to the power −skew; a token uses an expert with a chance of active × popularity.
        // The misses of each expert shrink by a factor a token, so the sum of hits is monotone in every rounding.
        var chances = new double[experts.Count];
        double sum = 0;
        for (var rank = 0; rank < chances.Length; rank++)
        {
            chances[rank] = PortableMath.Exp(-skew * PortableMath.Log(rank + 1));
            sum += chances[rank];
        }

        var misses = new double[experts.Count];
        for (var rank = 0; rank < chances.Length; rank++)
        {
            chances[rank] = Math.Min(1, chances[rank] * experts.Active / sum);
            misses[rank] = 1;
        }

        var touched = new double[maximumTokens + 1];
        for (var tokens = 1; tokens < touched.Length; tokens++)
        {
            double gained = 0;
            for (var rank = 0; rank < misses.Length; rank++)
            {
                var hit = misses[rank] * chances[rank];
                gained += hit;
                misses[rank] -= hit;
            }

            touched[tokens] = touched[tokens - 1] + gained;
            if (gained < 1e-6)
            {
                // All are touched, as far as it matters.
                Array.Fill(touched, touched[tokens], tokens, touched.Length - tokens);
                break;
            }
        }

        return touched;
    }

    // Decoding replays graphs captured for 1, 2, 4 and multiples of 8 tokens up to 512: a batch between takes the next, and what fills
    // it up is routed to experts like any token.
    private static double Captured(double tokens) => tokens switch
    {
        <= 2 => tokens,
        <= 4 => 4,
        <= 256 => Math.Ceiling(tokens / 8) * 8,
        <= 512 => Math.Ceiling(tokens / 16) * 16,
        _ => tokens,
    };

    private static double Levels(int devices)
    {
        var levels = 0.0;
        for (var reached = 1; reached < devices; reached *= 2)
        {
            levels++;
        }

        // Through a switch every device reads all others at once, so that a doubling adds little to the latency of two.
        return levels == 0 ? 0 : 0.75 + (0.25 * levels);
    }

    private static long ToPicoseconds(double seconds) => (long)(seconds * Picoseconds);

    private static double Either(double compute, double memory)
    {
        // Between both regimes a kernel is slower than either bound: the 4-norm, by two square roots, which round monotonically.
        var a = compute * compute;
        var b = memory * memory;
        return Math.Sqrt(Math.Sqrt((a * a) + (b * b)));
    }

    private double Seconds(double tokens, double sequences)
    {
        tokens = Captured(tokens);
        // The slices of data parallelism and of pipelining are as even as whole tokens allow.
        var slice = Math.Ceiling(tokens * _batchSplit);
        var slices = 1 / _batchSplit;
        var sequenceSlice = Math.Ceiling(sequences * _batchSplit);
        var seconds = Either((slice + _paddingTokens) * _denseSecondsPerToken, _denseWeightSeconds)
            + Either((sequenceSlice + _paddingTokens) * _headSecondsPerSequence, _headWeightSeconds);
        if (_expertWeightSeconds > 0)
        {
            seconds += Either(
                (slice + _paddingTokens) * _expertSecondsPerToken,
                DistinctExperts((int)Math.Min(tokens, slice * slices)) * _expertWeightSeconds);
        }

        return seconds + _collectiveSeconds + (slice * _collectiveSecondsPerToken) + _fixedSeconds + (sequences * _sequenceSeconds);
    }
}
