namespace AgentOps.Engine.Permissions;

/// <summary>One tested argument of a compiled rule.</summary>
internal sealed record CompiledArgument(string Name, bool IsOptional, ArgumentMatcher Matcher);
