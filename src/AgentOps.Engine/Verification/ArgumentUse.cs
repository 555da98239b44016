using AgentOps.Engine.Permissions;

namespace AgentOps.Engine.Verification;

/// <summary>An argument that a constraint reads.</summary>
/// <param name="Name">The parameter's name.</param>
/// <param name="Kinds">The types that can be read; empty for any.</param>
internal sealed record ArgumentUse(string Name, params IReadOnlyList<ParameterKind> Kinds);
