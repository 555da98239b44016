namespace AgentOps.Engine.Providers;

/// <summary>How far a batch is, as its provider says.</summary>
/// <param name="IsEnded">Nothing of it will change any more; results can be read.</param>
/// <param name="Done">Requests that have ended, well or not.</param>
/// <param name="Status">The provider's own word.</param>
public sealed record BatchProgress(bool IsEnded, int Done, string Status)
{
    /// <summary>After this the provider gives up what it has not come to; null where it doesn't say.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>Why it is unknown for now whether the provider has the batch; null where it has it.</summary>
    public string? Unknown { get; init; }
}
