using AgentOps.Engine.Sessions;

namespace AgentOps.Output;

/// <summary>Something that happened in a session, told in a sentence.</summary>
public sealed record SessionEvent
{
    /// <summary>The ledger sequence of its record.</summary>
    public required long Sequence { get; init; }

    /// <summary>When it was written, UTC.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The session's id.</summary>
    public required string Session { get; init; }

    /// <summary>The agent that acts in it.</summary>
    public required string Agent { get; init; }

    /// <summary>The type of the record, for example <c>tool.started</c>.</summary>
    public required string Type { get; init; }

    /// <summary>What happened.</summary>
    public required string Text { get; init; }

    /// <summary>The tool, where it is about a call.</summary>
    public string? Tool { get; init; }

    /// <summary>The call's id within the session.</summary>
    public string? Call { get; init; }

    /// <summary>What a model call cost, in USD.</summary>
    public decimal? Cost { get; init; }

    internal static SessionEvent From(StoryLine line) => new()
    {
        Sequence = line.Sequence,
        Time = line.Time,
        Session = line.Session,
        Agent = line.Agent,
        Type = line.Type,
        Text = line.Text,
        Tool = line.Tool,
        Call = line.Call,
        Cost = line.Cost,
    };
}
