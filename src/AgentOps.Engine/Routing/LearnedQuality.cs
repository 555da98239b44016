using AgentOps.Engine.Providers;
using AgentOps.Engine.Routing.Quality;

namespace AgentOps.Engine.Routing;

/// <summary>Predicts with a model that was learned from a table.</summary>
/// <param name="model">What was learned.</param>
/// <param name="names">The models' names, in the order of the table.</param>
public sealed class LearnedQuality(QualityModel model, IReadOnlyList<string> names) : IQualityPredictor
{
    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double>? Predict(ModelRequest request)
    {
        if (request.Messages.LastOrDefault(message => message.Role == MessageRole.User) is not { } question)
        {
            return null;
        }

        var scores = model.Predict(question.TextContent).Scores;
        var predicted = new Dictionary<string, double>(names.Count, StringComparer.OrdinalIgnoreCase);
        for (var index = 0; index < names.Count; index++)
        {
            predicted[names[index]] = Math.Clamp(scores[index], 0, 1);
        }

        return predicted;
    }
}
