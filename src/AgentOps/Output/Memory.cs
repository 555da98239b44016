using AgentOps.Engine.Memories;

namespace AgentOps.Output;

/// <summary>A named fact that an agent keeps beyond a session.</summary>
public sealed record Memory
{
    /// <summary>How a fact is marked that all persons share.</summary>
    internal const string Anyone = "anyone";

    /// <summary>The agent that keeps it.</summary>
    public required string Agent { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The person for whom it is kept, and recalled; <c>anyone</c> for one that all persons share.</summary>
    public required string OnBehalfOf { get; init; }

    /// <summary>The highest data class that the session had seen that wrote it.</summary>
    public required string DataClass { get; init; }

    /// <summary>Whether that session had seen output from outside.</summary>
    public required bool Untrusted { get; init; }

    /// <summary>What is kept; null where it was erased.</summary>
    public string? Value { get; init; }

    /// <summary>Whether what was kept was erased.</summary>
    public required bool Erased { get; init; }

    /// <summary>The length of what is kept, bytes of UTF-8.</summary>
    public required long Bytes { get; init; }

    /// <summary>The session that wrote it.</summary>
    public required string Session { get; init; }

    /// <summary>When it was written, UTC.</summary>
    public required DateTimeOffset Written { get; init; }

    /// <summary>The name, so that the object serves where one is asked for.</summary>
    public override string ToString() => Name;

    internal static Memory From(MemoryFact fact, string? value) => new()
    {
        Agent = fact.Agent,
        Name = fact.Name,
        OnBehalfOf = fact.OnBehalfOf ?? Anyone,
        DataClass = fact.DataClass,
        Untrusted = fact.IsUntrusted,
        Value = value,
        Erased = value is null,
        Bytes = fact.Bytes,
        Session = fact.Session,
        Written = fact.Written,
    };
}
