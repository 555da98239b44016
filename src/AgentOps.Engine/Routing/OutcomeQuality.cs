using System.Collections.Concurrent;
using AgentOps.Engine.Providers;

namespace AgentOps.Engine.Routing;

/// <summary>
/// Learns each model's quality from outcomes: what was known before counts as much as <c>weight</c> outcomes, so that a few
/// failures don't condemn a model.
/// </summary>
/// <param name="prior">What is known before: another predictor; null: one half for every model.</param>
/// <param name="weight">How many outcomes that counts as.</param>
public sealed class OutcomeQuality(IQualityPredictor? prior = null, double weight = 20) : IQualityPredictor
{
    private readonly ConcurrentDictionary<string, (double Good, double All)> outcomes = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Takes an outcome.</summary>
    /// <param name="model">The model's name.</param>
    /// <param name="score">0 to 1.</param>
    public void Observe(string model, double score)
    {
        var value = Math.Clamp(score, 0, 1);
        outcomes.AddOrUpdate(model, (value, 1), (_, before) => (before.Good + value, before.All + 1));
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double>? Predict(ModelRequest request)
    {
        var before = prior?.Predict(request);
        if (outcomes.IsEmpty)
        {
            return before;
        }

        var predicted = before is null ? new Dictionary<string, double>() : new Dictionary<string, double>(before);
        foreach (var (model, (good, all)) in outcomes)
        {
            predicted[model] = (good + (weight * predicted.GetValueOrDefault(model, 0.5))) / (all + weight);
        }

        return predicted;
    }
}
