namespace AgentOps.Engine.Configuration;

/// <summary>What an import does to one thing.</summary>
public enum ChangeAction
{
    /// <summary>It is new.</summary>
    Create,

    /// <summary>It replaces what is there.</summary>
    Change,

    /// <summary>It goes, because the configuration no longer holds it.</summary>
    Remove,
}
