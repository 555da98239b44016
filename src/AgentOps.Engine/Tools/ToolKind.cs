namespace AgentOps.Engine.Tools;

/// <summary>How a tool runs.</summary>
public enum ToolKind
{
    /// <summary>A PowerShell command in a constrained runspace; needs a PowerShell host.</summary>
    Command,

    /// <summary>A PowerShell script in a child process; needs PowerShell on the machine.</summary>
    Script,

    /// <summary>A native program with an argument vector, no shell, in a child process.</summary>
    Process,

    /// <summary>An HTTP request made from a template.</summary>
    Http,

    /// <summary>A tool of a Model Context Protocol server, over the standard streams of a child process or over HTTP.</summary>
    Mcp,

    /// <summary>Another agent, which acts in a session of its own with no more rights than both have.</summary>
    Agent,

    /// <summary>A question to a person, with a small form for the answer.</summary>
    Ask,

    /// <summary>Keeps, recalls or drops named facts of the agent in the workspace's own store.</summary>
    Memory,
}
