using AgentOps.Engine.Configuration;

namespace AgentOps.Engine.Benchmarks.Agents;

/// <summary>A suite with the documents beside it: its agent, tools and policies.</summary>
/// <param name="Suite">The suite.</param>
/// <param name="Documents">The configuration in the same file.</param>
public sealed record LoadedSuite(AgentSuite Suite, ConfigurationSet Documents);
