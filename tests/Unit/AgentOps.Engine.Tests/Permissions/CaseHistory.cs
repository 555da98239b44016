using AgentOps.Engine.Permissions;

namespace AgentOps.Engine.Tests.Permissions;

/// <summary>A history that knows a number for each tool, and fails for one.</summary>
internal sealed class CaseHistory(int calls) : IHistorySource
{
    public const string Failing = "T-Fails";

    public int CountOf(string tool) => tool == Failing ? throw new InvalidOperationException("The store is away.") : tool.Length % 2 == 0 ? calls : 0;

    public int Count(in HistoryQuery query) => CountOf(query.Tool);
}
