using AgentOps.Engine.Providers;

namespace AgentOps.Engine.Routing;

/// <summary>A provider together with its definition.</summary>
/// <param name="Definition">What it was made of.</param>
/// <param name="Provider">What answers.</param>
public sealed record RegisteredProvider(ProviderDefinition Definition, IModelProvider Provider);
