namespace AgentOps.Engine.Tests.Attacks;

/// <summary>A theory that needs the sandbox; elsewhere it is skipped, and says why.</summary>
public sealed class SandboxTheoryAttribute : TheoryAttribute
{
    public SandboxTheoryAttribute() => Skip = SandboxFactAttribute.Missing;
}
