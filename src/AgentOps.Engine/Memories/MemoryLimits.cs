namespace AgentOps.Engine.Memories;

/// <summary>How much an agent may keep.</summary>
public static class MemoryLimits
{
    /// <summary>Longest value of a fact, bytes of UTF-8.</summary>
    public const int MaxValueBytes = 16_384;

    /// <summary>Most facts of one agent for one person, and most that all persons share.</summary>
    public const int MaxFacts = 256;
}
