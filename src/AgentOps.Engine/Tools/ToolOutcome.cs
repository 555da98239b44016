using System.Globalization;

namespace AgentOps.Engine.Tools;

/// <summary>What an executor brought back.</summary>
/// <param name="Succeeded">Whether the tool says that it did what was asked.</param>
/// <param name="Content">Its output as text, usually JSON; for a failure, what went wrong.</param>
/// <param name="IsTruncated">Whether output was cut at the tool's limit.</param>
/// <param name="IsUnknown">Whether it was ended before it said what it had done.</param>
/// <param name="IsUntrusted">Whether the output came from outside the host.</param>
public sealed record ToolOutcome(bool Succeeded, string Content, bool IsTruncated = false, bool IsUnknown = false, bool IsUntrusted = false)
{
    /// <summary>The data class of the output, where the executor knows one above what the tool declares; null: what the tool declares.</summary>
    public string? DataClass { get; init; }

    /// <summary>Why the tool is to be suspended until it is registered anew; null when it is not.</summary>
    public string? Suspends { get; init; }

    /// <summary>The outcome of a tool that was ended by its time-out.</summary>
    public static ToolOutcome TimedOut(TimeSpan timeout) => new(
        false,
        string.Create(CultureInfo.InvariantCulture, $"The tool was ended after its time-out of {timeout.TotalSeconds:0.###} s."),
        IsUnknown: true);
}
