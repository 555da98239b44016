using System.Globalization;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Serialization;
using AgentOps.Engine.Tools;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Memories;

/// <summary>
/// Undoes what a call of a Memory tool did: the fact that stood before it stands again as it was, with its class, its taint and its
/// author; where there was none, there is none again. Not where somebody has written the fact since.
/// </summary>
internal sealed class MemoryRestoration(WorkspaceLedger ledger)
{
    private const int TriesAtMost = 20;

    /// <summary>Undoes the call that an invocation compensates.</summary>
    /// <param name="invocation">A call of a tool that remembers or forgets.</param>
    /// <param name="person">Whose facts the tool reaches; null for those that all persons share.</param>
    /// <param name="name">The fact that was authorized.</param>
    /// <param name="cancellationToken">Stops waiting for the store.</param>
    /// <returns>Why nothing was changed, empty where all is as it was; null where the call that is undone was none of a Memory tool.</returns>
    public async ValueTask<string?> UndoAsync(ToolInvocation invocation, string? person, string name, CancellationToken cancellationToken)
    {
        var (change, isMemory) = await FindAsync(invocation, cancellationToken);
        if (change is null)
        {
            return isMemory ? "The call changed no fact." : null;
        }

        if (!Names(change, person, name))
        {
            return "The call changed a fact that this tool doesn't reach.";
        }

        var before = change.Data.Integer("before") is { } sequence ? await ReadAsync(sequence, cancellationToken) : null;
        for (var tries = 0; tries < TriesAtMost; tries++)
        {
            var seen = (await ledger.RefreshAsync(cancellationToken)).Memory;
            var isWritten = change.Type == EventTypes.MemoryForgotten && await IsWrittenSinceAsync(change, person, name, cancellationToken);
            if (await ChangeAsync(invocation, person, name, change, before, seen, isWritten, cancellationToken) is { } done)
            {
                return done;
            }
        }

        return "Other sessions write facts all the time; try again.";
    }

    // Null where the facts are other ones than those that were looked at.
    private ValueTask<string?> ChangeAsync(
        ToolInvocation invocation, string? person, string name, LedgerRecord change, MemoryFact? before, MemoryState seen, bool isWritten, CancellationToken cancellationToken) =>
        ledger.TransactAsync(
            (state, transaction) =>
            {
                if (invocation.WhyStopped(state) is { } stopped)
                {
                    return stopped;
                }

                var session = state.Sessions[invocation.Session];
                var facts = state.Memory.Of(session.Agent, person);
                var stands = facts.GetValueOrDefault(name);
                if (stands?.Sequence == before?.Sequence)
                {
                    return string.Empty;
                }

                if (change.Type == EventTypes.MemoryForgotten && !ReferenceEquals(state.Memory, seen))
                {
                    return null;
                }

                var isOwn = change.Type == EventTypes.MemoryRemembered ? stands?.Sequence == change.Sequence : stands is null && !isWritten;
                if (!isOwn || state.Agents[session.Agent].Created > change.Time)
                {
                    return $"The fact '{name}' was written or dropped since; it stays as it is.";
                }

                if (before is not null && stands is null && facts.Count >= MemoryLimits.MaxFacts)
                {
                    return string.Create(CultureInfo.InvariantCulture, $"{MemoryLimits.MaxFacts} facts are kept already, which is the most.");
                }

                var (type, data) = before is null
                    ? (EventTypes.MemoryForgotten, MemoryState.Named(session.Agent, person, name))
                    : (EventTypes.MemoryRestored, MemoryState.ToWholeJson(before));
                transaction.Add(session.Record(type, data.With("undoes", change.Sequence).With("call", invocation.Caller.Call)));
                return string.Empty;
            },
            cancellationToken);

    /// <summary>What the compensated call wrote, and whether its tool is a Memory tool at all.</summary>
    private async ValueTask<(LedgerRecord? Change, bool IsMemory)> FindAsync(ToolInvocation invocation, CancellationToken cancellationToken)
    {
        var state = ledger.Seen;
        var isMemory = false;
        var query = new LedgerQuery { Session = invocation.Session, FromSequence = state.Sessions[invocation.Session].FirstSequence };
        await foreach (var record in ledger.Store.ReadAsync(query, cancellationToken))
        {
            if (record.Data.Text("call") != invocation.Caller.Compensates)
            {
                continue;
            }

            if (record.Type is EventTypes.MemoryRemembered or EventTypes.MemoryForgotten)
            {
                return (record, true);
            }

            isMemory |= record.Type == EventTypes.ToolStarted && state.Tools.TryGetValue(record.Data.RequiredText("tool"), out var tool) && tool.Definition.Kind == ToolKind.Memory;
        }

        return (null, isMemory);
    }

    /// <summary>The fact that a record names.</summary>
    private async ValueTask<MemoryFact> ReadAsync(long sequence, CancellationToken cancellationToken)
    {
        await foreach (var record in ledger.Store.ReadAsync(new LedgerQuery { FromSequence = sequence, First = 1 }, cancellationToken))
        {
            return MemoryState.FactOf(record);
        }

        throw new AgentOpsException(ErrorCodes.LedgerRecordNotFound, string.Create(CultureInfo.InvariantCulture, $"There is no record {sequence}."));
    }

    /// <summary>Whether somebody wrote or dropped the fact after a call dropped it, and that was not undone.</summary>
    private async ValueTask<bool> IsWrittenSinceAsync(LedgerRecord change, string? person, string name, CancellationToken cancellationToken)
    {
        var standing = new HashSet<long>();
        var query = new LedgerQuery { Type = "memory.*", Agent = change.Data.RequiredText("agent"), FromSequence = change.Sequence + 1 };
        await foreach (var record in ledger.Store.ReadAsync(query, cancellationToken))
        {
            if (!Names(record, person, name))
            {
                continue;
            }

            if (record.Data.Integer("undoes") is { } undone)
            {
                standing.Remove(undone);
            }
            else
            {
                standing.Add(record.Sequence);
            }
        }

        return standing.Count > 0;
    }

    private static bool Names(LedgerRecord record, string? person, string name) =>
        record.Data.Text("onBehalfOf") == person && string.Equals(record.Data.RequiredText("name"), name, StringComparison.OrdinalIgnoreCase);
}
