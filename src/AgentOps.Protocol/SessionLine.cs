using System.Text.Json.Serialization;

namespace AgentOps.Protocol;

/// <summary>Something that happened in a session that the helper runs.</summary>
/// <param name="Event">What it tells, for example <c>ToolRefused</c>.</param>
/// <param name="Session">The session's id.</param>
/// <param name="Step">The model call that it belongs to, counted from 1.</param>
public sealed record SessionLine(string Event, string Session, int Step)
{
    /// <summary>Always <c>event</c>.</summary>
    [JsonPropertyOrder(-1)]
    public string Type { get; init; } = "event";

    /// <summary>The ledger sequence of its record; null for what is only streamed.</summary>
    public long? Sequence { get; init; }

    /// <summary>Text of the model, or output of a tool.</summary>
    public string? Text { get; init; }

    /// <summary>The tool's name.</summary>
    public string? Tool { get; init; }

    /// <summary>The tool call's arguments, as JSON.</summary>
    public string? Arguments { get; init; }

    /// <summary>The outcome of a tool call.</summary>
    public string? Outcome { get; init; }

    /// <summary>Why a call was refused, or the session ended.</summary>
    public string? Reason { get; init; }

    /// <summary>How the session ended; at the end only.</summary>
    public string? Status { get; init; }

    /// <summary>Cost in USD.</summary>
    public decimal? Cost { get; init; }
}
