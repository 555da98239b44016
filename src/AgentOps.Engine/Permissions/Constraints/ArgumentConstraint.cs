namespace AgentOps.Engine.Permissions;

/// <summary>What a rule demands of one argument.</summary>
public abstract record ArgumentConstraint
{
    private protected ArgumentConstraint()
    {
    }

    /// <summary>
    /// Whether the argument may be left out. Without it, an absent argument leaves a permit unmatched, and makes a forbid
    /// or require answer Deny.
    /// </summary>
    public bool IsOptional { get; init; }

    /// <summary>The word after <c>type</c>.</summary>
    public abstract string Type { get; }
}
