using AgentOps.Engine.Providers;
using AgentOps.Engine.Routing.Quality;

namespace AgentOps.Engine.Routing;

/// <summary>Predicts with a model that was learned from a table.</summary>
/// <param name="file">What was learned.</param>
public sealed class LearnedQuality(QualityModelFile file) : IQualityPredictor
{
    private readonly Dictionary<string, int> _places = file.Models
        .Select((name, place) => (name, place))
        .DistinctBy(model => model.name, StringComparer.OrdinalIgnoreCase)
        .ToDictionary(model => model.name, model => model.place, StringComparer.OrdinalIgnoreCase);

    /// <summary>How far below the best prediction a model may lie and still count as capable.</summary>
    public double Margin => file.Margin;

    /// <inheritdoc/>
    public TargetQualities? Predict(ModelRequest request, IReadOnlyList<RouteTarget> targets)
    {
        if (request.Messages.LastOrDefault(message => message.Role == MessageRole.User) is not { } question)
        {
            return null;
        }

        var scores = file.Model.Predict(question.TextContent).Scores;
        return new Prediction([.. targets.Select(target => _places.TryGetValue(target.Model, out var place) ? Math.Clamp(scores[place], 0, 1) : double.NaN)]);
    }

    private sealed class Prediction(double[] qualities) : TargetQualities
    {
        public override double this[int target] => qualities[target];

        public override string? Explain(int target) => double.IsNaN(qualities[target]) ? null : "learned from a table of prompts and scores";
    }
}
