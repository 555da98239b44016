namespace AgentOps.Engine.Memories;

/// <summary>A named fact that an agent keeps beyond the session in which it wrote it.</summary>
public sealed record MemoryFact
{
    /// <summary>The agent that keeps it.</summary>
    public required string Agent { get; init; }

    /// <summary>The person for whom the agent acted when it wrote it, and for whom alone it is recalled; null for one that is shared by all persons.</summary>
    public string? OnBehalfOf { get; init; }

    /// <summary>Its name, unique for the agent and person without regard to case.</summary>
    public required string Name { get; init; }

    /// <summary>The payload that holds its value; the payload may have been erased.</summary>
    public required string Value { get; init; }

    /// <summary>The length of its value, bytes of UTF-8.</summary>
    public required long Bytes { get; init; }

    /// <summary>The highest data class that the session had seen when it wrote it.</summary>
    public required string DataClass { get; init; }

    /// <summary>Whether the session had seen output from outside when it wrote it.</summary>
    public bool IsUntrusted { get; init; }

    /// <summary>The session that wrote it.</summary>
    public required string Session { get; init; }

    /// <summary>When it was written, UTC.</summary>
    public required DateTimeOffset Written { get; init; }

    /// <summary>The ledger sequence of the record that names it.</summary>
    public required long Sequence { get; init; }
}
