namespace AgentOps.Engine.Permissions;

/// <summary>What a budget covers.</summary>
public enum BudgetScope
{
    /// <summary>The whole workspace.</summary>
    Workspace,

    /// <summary>One agent.</summary>
    Agent,

    /// <summary>One session.</summary>
    Session,

    /// <summary>One task.</summary>
    Task,
}
