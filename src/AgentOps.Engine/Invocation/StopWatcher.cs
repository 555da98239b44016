using System.Text.Json.Nodes;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Serialization;
using AgentOps.Engine.Sessions;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Invocation;

/// <summary>
/// Follows the ledger while a session runs, and cancels its work as soon as a stop, or the suspension of an agent of its chain, stands
/// there, whichever process wrote it, or as soon as another runner has taken the session over. It also says now and then that this one lives.
/// </summary>
internal sealed class StopWatcher : IAsyncDisposable
{
    // A tenth of the second within which a stop must have worked.
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly WorkspaceLedger _ledger;
    private readonly SessionScope _scope;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop;
    private readonly bool _isRunner;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _watch;

    private StopWatcher(WorkspaceLedger ledger, SessionScope scope, CancellationTokenSource stop, TimeProvider time, bool isRunner)
    {
        _ledger = ledger;
        _scope = scope;
        _time = time;
        _stop = stop;
        _isRunner = isRunner;
        _watch = Task.Run(WatchAsync);
    }

    /// <summary>Starts to watch; <paramref name="stop"/> is cancelled when the session is to stop.</summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="scope">The session.</param>
    /// <param name="stop">Cancelled when the session is to stop.</param>
    /// <param name="time">The clock.</param>
    /// <param name="isRunner">Whether whoever watches runs the session, and so says now and then that the runner lives.</param>
    public static StopWatcher Start(WorkspaceLedger ledger, SessionScope scope, CancellationTokenSource stop, TimeProvider time, bool isRunner = true) =>
        new(ledger, scope, stop, time, isRunner);

    /// <summary>Why a session may not go on, in words; null when it may.</summary>
    public static string? Reason(WorkspaceState state, SessionScope scope)
    {
        if (!state.Sessions.TryGetValue(scope.Id, out var found))
        {
            return "The session is not in the ledger.";
        }

        if (found.IsStopRequested)
        {
            return "The session was stopped.";
        }

        foreach (var name in scope.OutlivesSuspension ? [found.Agent] : scope.Delegators.Prepend(found.Agent))
        {
            if (!state.Agents.TryGetValue(name, out var agent))
            {
                return $"The agent '{name}' was removed.";
            }

            if (agent.IsSuspended && !scope.OutlivesSuspension)
            {
                return $"The agent '{name}' is suspended.";
            }
        }

        return null;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _watch;
        _end.Dispose();
    }

    private async Task WatchAsync()
    {
        try
        {
            var state = await _ledger.RefreshAsync(_end.Token);
            while (Reason(state, _scope) is null && SessionLease.IsHeld(state, _scope.Id, _scope.Lease))
            {
                if (_isRunner && _time.GetUtcNow() - state.Sessions[_scope.Id].Renewed > SessionLease.RenewAfter)
                {
                    await RenewAsync();
                }

                await Task.Delay(Interval, _end.Token);
                state = await _ledger.RefreshAsync(_end.Token);
            }

            await _stop.CancelAsync();
        }
        catch (OperationCanceledException)
        {
            // The session has ended.
        }
        catch (AgentOpsException)
        {
            // A store that can't be read can't be trusted to say "go on".
            await _stop.CancelAsync();
        }
    }

    private ValueTask<bool> RenewAsync() => _ledger.TransactAsync(
        (state, transaction) =>
        {
            var isHeld = SessionLease.IsHeld(state, _scope.Id, _scope.Lease);
            if (isHeld)
            {
                transaction.Add(_scope.Record(EventTypes.SessionRenewed, new JsonObject().With("lease", _scope.Lease)));
            }

            return isHeld;
        },
        CancellationToken.None);
}
