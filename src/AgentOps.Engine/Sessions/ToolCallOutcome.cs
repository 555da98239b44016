namespace AgentOps.Engine.Sessions;

/// <summary>The values of a recorded tool call's <c>outcome</c>.</summary>
public static class ToolCallOutcome
{
    /// <summary>The tool did what was asked.</summary>
    public const string Ok = "ok";

    /// <summary>The tool says that it failed.</summary>
    public const string Error = "error";

    /// <summary>It ran, or began to run, and nobody knows whether it had its effect.</summary>
    public const string Unknown = "unknown";
}
