namespace AgentOps.Engine.Tests.Attacks;

/// <summary>A theory whose tools are Unix programs.</summary>
public sealed class UnixTheoryAttribute : TheoryAttribute
{
    public UnixTheoryAttribute() => Skip = OperatingSystem.IsWindows() ? "Its tools are Unix programs." : null;
}
