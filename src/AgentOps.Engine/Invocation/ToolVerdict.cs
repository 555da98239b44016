namespace AgentOps.Engine.Invocation;

/// <summary>How the gate decided a proposed tool call.</summary>
internal enum ToolVerdict
{
    /// <summary>It may not run.</summary>
    Refused,

    /// <summary>It may run once persons have approved it.</summary>
    Pending,

    /// <summary>It may run, but only a plan was asked for.</summary>
    Planned,

    /// <summary>It may run.</summary>
    Allowed,
}
