using AgentOps.Engine.Providers;
using AgentOps.Engine.Routing;

namespace AgentOps.Engine.Benchmarks.Endpoints;

/// <summary>One model at one provider, to be measured.</summary>
/// <param name="Name">What it is called in the results, for example <c>azure/gpt-5.5</c>.</param>
/// <param name="Provider">Called directly: one attempt a call, no retry, so that every failure is seen.</param>
/// <param name="Model">The provider's name of the model.</param>
public sealed record EndpointTarget(string Name, IModelProvider Provider, string Model)
{
    /// <summary>What its tokens cost; null where unknown.</summary>
    public ModelPrice? Price { get; init; }
}
