using AgentOps.Engine.Permissions;

namespace AgentOps.Engine.Invocation;

/// <summary>Answers conditions over history from the state in which the call is decided.</summary>
/// <param name="history">The calls until now.</param>
/// <param name="isDryRun">Whether the call is itself the dry run that a rule may demand first.</param>
internal sealed class HistorySource(CallHistory history, bool isDryRun) : IHistorySource
{
    /// <summary>The outcome of a call that was only planned.</summary>
    public const string DryRun = "dryRun";

    /// <summary>The outcome of a call that was refused.</summary>
    public const string Refused = "refused";

    /// <summary>Whether history was asked at all.</summary>
    public bool WasAsked { get; private set; }

    public int Count(in HistoryQuery query)
    {
        WasAsked = true;
        return isDryRun && query.Outcome == DryRun ? 1 : history.Count(query);
    }
}
