using AgentOps.Engine.Tests.Tools;

namespace AgentOps.Engine.Tests.Identity;

/// <summary>A test that needs node and the package jose (npm install in tests/Integration/sdk); without them it is skipped, visibly.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class JoseFactAttribute : FactAttribute
{
    public JoseFactAttribute() => Skip = Directory.Exists(Path.Combine(McpFactAttribute.Folder, "node_modules", "jose")) ? new McpFactAttribute().Skip
        : "The package jose is not installed: run 'npm install' in tests/Integration/sdk.";
}
