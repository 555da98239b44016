namespace AgentOps.Engine.Sessions;

/// <summary>A record of a session, told in a sentence; one that a transaction was verified for takes several.</summary>
/// <param name="Sequence">The record's ledger sequence.</param>
/// <param name="Time">When it was written, UTC.</param>
/// <param name="Session">The session's id.</param>
/// <param name="Agent">The agent that acts in it.</param>
/// <param name="Type">The record's type.</param>
/// <param name="Text">What happened, in a sentence.</param>
public sealed record StoryLine(long Sequence, DateTimeOffset Time, string Session, string Agent, string Type, string Text)
{
    /// <summary>The tool, where the record is about a call.</summary>
    public string? Tool { get; init; }

    /// <summary>The call's id within the session.</summary>
    public string? Call { get; init; }

    /// <summary>What a model call cost, in USD.</summary>
    public decimal? Cost { get; init; }
}
