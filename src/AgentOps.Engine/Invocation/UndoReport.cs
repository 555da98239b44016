namespace AgentOps.Engine.Invocation;

/// <summary>What a failed session undid of what it had done.</summary>
/// <param name="HasBegun">Whether there was anything to undo, so that it was recorded that it begins.</param>
/// <param name="Calls">One entry for each call that changed something, or may have, the newest first.</param>
/// <param name="Why">Why it went no further; null when every call was tried.</param>
internal sealed record UndoReport(bool HasBegun, IReadOnlyList<UndoneCall> Calls, string? Why)
{
    /// <summary>There was nothing to undo, or nobody wants it.</summary>
    public static UndoReport Nothing { get; } = new(false, [], null);

    /// <summary>How many calls were undone.</summary>
    public int Undone => Calls.Count(call => call.Outcome == UndoOutcome.Undone);

    /// <summary>The same in a sentence.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"{Undone} of {Calls.Count} calls that changed something were undone{(Why is null ? string.Empty : ", then " + Why)}.");
}
