namespace AgentOps.Engine.Tests.Telemetry;

/// <summary>Tests that listen to the whole process, and therefore run beside no other.</summary>
[CollectionDefinition(nameof(AloneCollection), DisableParallelization = true)]
public sealed class AloneCollection;
