namespace AgentOps.Engine.Routing.Quality;

/// <summary>Features weighted by how rare they are among the prompts learned from (TF-IDF), of unit length.</summary>
internal sealed class WeightedFeatures
{
    private const double ShapeWeight = 0.1;

    // In standard deviations: what was learned of usual prompts says nothing of a stranger's shape.
    private const double DeviationAtMost = 3;

    private readonly float[] _rarity;
    private readonly double[] _mean;
    private readonly double[] _spread;

    private WeightedFeatures(float[] rarity, double[] mean, double[] spread)
    {
        _rarity = rarity;
        _mean = mean;
        _spread = spread;
    }

    /// <summary>Learns the weights.</summary>
    public WeightedFeatures(IReadOnlyList<PromptFeatures> prompts)
        : this(new float[PromptFeatures.HashSize], new double[PromptFeatures.ShapeSize], new double[PromptFeatures.ShapeSize])
    {
        var found = new int[PromptFeatures.HashSize];
        foreach (var prompt in prompts)
        {
            foreach (var index in prompt.Indices)
            {
                found[index]++;
            }

            for (var place = 0; place < _mean.Length; place++)
            {
                _mean[place] += prompt.Shape[place] / prompts.Count;
            }
        }

        foreach (var prompt in prompts)
        {
            for (var place = 0; place < _mean.Length; place++)
            {
                _spread[place] += Math.Pow(prompt.Shape[place] - _mean[place], 2) / prompts.Count;
            }
        }

        for (var index = 0; index < _rarity.Length; index++)
        {
            _rarity[index] = (float)Math.Log((prompts.Count + 1.0) / (found[index] + 1.0));
        }
    }

    /// <summary>Reads weights.</summary>
    public static WeightedFeatures Read(BinaryReader reader) => new(
        Numbers.ReadSingles(reader, PromptFeatures.HashSize), Numbers.ReadDoubles(reader, PromptFeatures.ShapeSize), Numbers.ReadDoubles(reader, PromptFeatures.ShapeSize));

    /// <summary>Writes the weights.</summary>
    public void Write(BinaryWriter writer)
    {
        Numbers.Write(writer, _rarity);
        Numbers.Write(writer, _mean);
        Numbers.Write(writer, _spread);
    }

    /// <summary>Weighs a prompt.</summary>
    public Weighted Weigh(PromptFeatures prompt)
    {
        var values = new float[prompt.Indices.Length];
        var sum = 0.0;
        for (var place = 0; place < values.Length; place++)
        {
            values[place] = (1 + MathF.Log(prompt.Counts[place])) * _rarity[prompt.Indices[place]];
            sum += values[place] * values[place];
        }

        var scale = (float)(1 / Math.Sqrt(sum + 1e-12));
        for (var place = 0; place < values.Length; place++)
        {
            values[place] *= scale;
        }

        var shape = new float[_mean.Length];
        for (var place = 0; place < shape.Length; place++)
        {
            var deviation = (prompt.Shape[place] - _mean[place]) / Math.Sqrt(_spread[place] + 1e-12);
            shape[place] = (float)(ShapeWeight * Math.Clamp(deviation, -DeviationAtMost, DeviationAtMost));
        }

        return new Weighted(prompt.Indices, values, shape);
    }

    /// <summary>A weighed prompt.</summary>
    internal readonly record struct Weighted(int[] Indices, float[] Values, float[] Shape);
}
