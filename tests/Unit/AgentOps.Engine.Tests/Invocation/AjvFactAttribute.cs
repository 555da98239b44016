using AgentOps.Engine.Tests.Tools;

namespace AgentOps.Engine.Tests.Invocation;

/// <summary>A test that needs node and the package ajv (npm install in tests/Integration/sdk); without them it is skipped, visibly.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class AjvFactAttribute : FactAttribute
{
    public AjvFactAttribute() => Skip = Directory.Exists(Path.Combine(McpFactAttribute.Folder, "node_modules", "ajv")) ? new McpFactAttribute().Skip
        : "The package ajv is not installed: run 'npm install' in tests/Integration/sdk.";
}
