using AgentOps.Engine.Providers;
using AgentOps.Engine.Routing.Quality;

namespace AgentOps.Engine.Routing;

/// <summary>Predicts with a model that was learned from a table.</summary>
/// <param name="file">What was learned.</param>
public sealed class LearnedQuality(QualityModelFile file) : IQualityPredictor
{
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
        var predicted = new Dictionary<string, double>(file.Models.Count, StringComparer.OrdinalIgnoreCase);
        for (var index = 0; index < file.Models.Count; index++)
        {
            predicted[file.Models[index]] = Math.Clamp(scores[index], 0, 1);
        }

        return new Prediction([.. targets.Select(target => predicted.TryGetValue(target.Model, out var quality) ? quality : double.NaN)]);
    }

    private sealed class Prediction(double[] qualities) : TargetQualities
    {
        public override double this[int target] => qualities[target];

        public override string? Explain(int target) => double.IsNaN(qualities[target]) ? null : "learned from a table of prompts and scores";
    }
}
