namespace AgentOps.Engine.Permissions;

/// <summary>What a budget covers.</summary>
public enum BudgetScope
{
    /// <summary>The whole workspace: every agent, and prompts without one.</summary>
    Workspace,

    /// <summary>One agent, in all its sessions.</summary>
    Agent,

    /// <summary>Each session by itself.</summary>
    Session,

    /// <summary>One task: what is booked under its name, by whatever agent.</summary>
    Task,
}
