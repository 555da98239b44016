namespace AgentOps.Engine.Permissions;

/// <summary>Answers what was done before, from the ledger.</summary>
public interface IHistorySource
{
    /// <summary>Counts the past calls that a query speaks of; may stop at <see cref="HistoryQuery.Enough"/>. Throws when the store can't answer.</summary>
    /// <param name="query">What is counted.</param>
    int Count(in HistoryQuery query);
}
