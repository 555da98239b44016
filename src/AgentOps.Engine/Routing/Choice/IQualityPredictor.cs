using AgentOps.Engine.Providers;

namespace AgentOps.Engine.Routing;

/// <summary>Predicts how well models will answer a prompt.</summary>
public interface IQualityPredictor
{
    /// <summary>What is known of each target for this prompt; null where nothing is known of any.</summary>
    /// <param name="request">The prompt.</param>
    /// <param name="targets">A route's targets: the same list for each prompt, so that what does not depend on the prompt may be kept.</param>
    TargetQualities? Predict(ModelRequest request, IReadOnlyList<RouteTarget> targets);
}
