namespace AgentOps.Engine.Permissions;

/// <summary>One committed use.</summary>
internal readonly record struct LimitEntry(DateTimeOffset Time, decimal Amount);
