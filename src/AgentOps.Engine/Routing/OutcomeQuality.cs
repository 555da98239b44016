using System.Collections.Immutable;
using AgentOps.Engine.Providers;

namespace AgentOps.Engine.Routing;

/// <summary>
/// Predicts from the workspace's own outcomes: the share of a model's sessions that were completed, the same for every prompt. A
/// model of which too little is known stays unknown; what a target states is never overruled.
/// </summary>
internal sealed class OutcomeQuality : IQualityPredictor
{
    private volatile Learned _learned = new(null, null);

    /// <summary>Takes the outcomes as they are now; cheap where nothing has changed.</summary>
    public void Observe(ImmutableDictionary<string, ModelOutcomes> outcomes)
    {
        if (ReferenceEquals(_learned.From, outcomes))
        {
            return;
        }

        var known = outcomes.Where(model => model.Value.Quality is not null)
            .ToDictionary(model => model.Key, model => model.Value.Quality!.Value, StringComparer.OrdinalIgnoreCase);
        _learned = new Learned(outcomes, known.Count > 0 ? known : null);
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double>? Predict(ModelRequest request) => _learned.Quality;

    private sealed record Learned(ImmutableDictionary<string, ModelOutcomes>? From, IReadOnlyDictionary<string, double>? Quality);
}
