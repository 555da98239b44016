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
}
