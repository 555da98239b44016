using System.Collections.Concurrent;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Permissions;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Routing;

/// <summary>Keeps prompts that no agent sends within the budgets that cover them: what each can cost at most is set aside before it is sent.</summary>
/// <param name="ledger">The ledger.</param>
/// <param name="task">What the prompts are booked under.</param>
internal sealed class PromptBudget(WorkspaceLedger ledger, string? task) : IPromptAccount
{
    private const int BoundedOutputTokens = 4096;
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(15);

    private readonly ConcurrentDictionary<RouteRequest, string> _reserved = new(ReferenceEqualityComparer.Instance);

    /// <summary>
    /// The request with its money set aside; the same request where no budget covers it. One that does not fit is rejected by every
    /// target, which says why, and so is one to a target without a price. An answer without a bound is given one, for what has no bound fits no budget.
    /// </summary>
    public async ValueTask<RouteRequest> ReserveAsync(Router router, RouteRequest request)
    {
        var (asked, refusal) = await SetAsideAsync(router, request);
        return refusal is null ? asked : asked with { MayUse = _ => TargetPermission.Refused(refusal) };
    }

    /// <inheritdoc/>
    public async ValueTask<(RouteRequest Request, AgentOpsException? Refusal)> TryReserveAsync(Router router, RouteRequest request)
    {
        var (asked, refusal) = await SetAsideAsync(router, request);
        return (asked, refusal is null ? null : RouteFailure.Unaffordable(request.Route.Name, refusal));
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<NewEvent>> SettleAsync(RouteBatchAnswer answer)
    {
        NewEvent[] events =
        [
            .. answer.Completed is { FromCache: true } ? Array.Empty<NewEvent>() : [answer.ToRecord()],
            .. _reserved.TryRemove(answer.Request, out var id) ? [LimitEvents.MakeCommitted(id, answer.Cost)] : Array.Empty<NewEvent>(),
        ];
        if (events.Length > 0)
        {
            await ledger.Store.AppendAsync(events, CancellationToken.None);
        }

        return events;
    }

    /// <summary>Gives back what was set aside for requests that were never sent.</summary>
    public async ValueTask ReleaseAsync()
    {
        NewEvent[] released = [.. _reserved.Values.Select(id => LimitEvents.MakeReleased(id, "the prompt was not sent"))];
        _reserved.Clear();
        if (released.Length > 0)
        {
            await ledger.Store.AppendAsync(released, CancellationToken.None);
        }
    }

    private async ValueTask<(RouteRequest Request, string? Refusal)> SetAsideAsync(Router router, RouteRequest request)
    {
        if (!Budget.Covers(ledger.Seen, null, task))
        {
            return (request, null);
        }

        request = request with
        {
            Budget = request.Budget ?? decimal.MaxValue,
            Request = request.Request with { MaxOutputTokens = request.Request.MaxOutputTokens ?? BoundedOutputTokens },
        };
        var cost = CostCalculator.Dearest(router.Resolve(request), request.Request.MaxOutputTokens!.Value);
        var id = "prompt/" + Guid.NewGuid().ToString("N");
        var refusal = await ledger.TransactAsync(
            (state, transaction) =>
            {
                LimitDemand[] demands = [.. Budget.Demands(state, null, task, cost)];
                foreach (var settled in state.Limits.Reconcile(transaction.Now, _ => true))
                {
                    transaction.Add(settled);
                }

                if (!state.Limits.TryReserve(id, demands, transaction.Now, Lease, out var reserved, out _, out var why))
                {
                    return why;
                }

                transaction.Add(reserved with { Task = task });
                return null;
            },
            CancellationToken.None);
        if (refusal is null)
        {
            _reserved[request] = id;
        }

        return (request, refusal);
    }
}
