namespace AgentOps.Engine.Tests.Ledger;

[AttributeUsage(AttributeTargets.Method)]
internal sealed class WindowsFactAttribute : FactAttribute
{
    public WindowsFactAttribute() => Skip = OperatingSystem.IsWindows() ? null : "Access lists are those of Windows.";
}
