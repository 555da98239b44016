namespace AgentOps.Cli.Tests.Serving;

/// <summary>A test that needs node and the vendors' packages (npm install in tests/Integration/sdk); without them it is skipped, visibly.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NodeFactAttribute : FactAttribute
{
    public NodeFactAttribute() => Skip = Sdk.Missing();
}
