namespace AgentOps.Engine.Memories;

/// <summary>What a Memory tool does with facts.</summary>
public enum MemoryOperation
{
    /// <summary>Keeps a fact, in place of one of the same name.</summary>
    Remember,

    /// <summary>Reads a fact, or lists the names of facts.</summary>
    Recall,

    /// <summary>Drops a fact.</summary>
    Forget,
}
