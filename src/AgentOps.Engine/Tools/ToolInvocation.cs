using AgentOps.Engine.Permissions;

namespace AgentOps.Engine.Tools;

/// <summary>One authorized call of a tool.</summary>
/// <param name="Tool">The tool as registered.</param>
/// <param name="Arguments">The frozen arguments that were authorized.</param>
/// <param name="Session">The session's id.</param>
/// <param name="Agent">The agent's name.</param>
/// <param name="WorkFolder">A folder of the session's own that exists; the tool starts there.</param>
/// <param name="IsHostGranted">Whether the agent may reach a network host, asked for the first host and after every redirect.</param>
public sealed record ToolInvocation(
    ToolDefinition Tool,
    BoundArguments Arguments,
    string Session,
    string Agent,
    string WorkFolder,
    Func<string, bool> IsHostGranted);
