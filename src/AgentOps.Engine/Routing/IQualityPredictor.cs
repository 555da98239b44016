using AgentOps.Engine.Providers;

namespace AgentOps.Engine.Routing;

/// <summary>Predicts how well models will answer a prompt.</summary>
public interface IQualityPredictor
{
    /// <summary>By model name, 0 to 1; a model that is absent is unknown, and null knows nothing of this prompt.</summary>
    IReadOnlyDictionary<string, double>? Predict(ModelRequest request);
}
