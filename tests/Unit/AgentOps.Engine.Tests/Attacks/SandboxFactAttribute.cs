using AgentOps.Engine.Tools.Isolation;

namespace AgentOps.Engine.Tests.Attacks;

/// <summary>A test that needs the sandbox; elsewhere it is skipped, and says why.</summary>
public sealed class SandboxFactAttribute : FactAttribute
{
    public SandboxFactAttribute() => Skip = Missing;

    /// <summary>Why there is no sandbox here; null where there is one.</summary>
    public static string? Missing { get; } = Sandbox.Find(null, []) is { Sandbox: null } search ? $"No sandbox: {search.Missing}" : null;
}
