using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Permissions;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Serialization;
using AgentOps.Engine.Sessions;
using AgentOps.Engine.Workspaces;
using Polly;
using Polly.Retry;

namespace AgentOps.Engine.Routing;

/// <summary>
/// Prompts through providers' batch interfaces. The ledger holds what was handed over before it is, so that any process of the
/// workspace can watch, stop and collect a batch, also after the one that submitted it is gone.
/// </summary>
public sealed class BatchDirectory
{
    private const int BoundedOutputTokens = 4096;

    // Longer than any provider keeps results.
    private static readonly TimeSpan Lease = TimeSpan.FromDays(30);

    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    private readonly WorkspaceLedger _ledger;
    private readonly IPayloadStore _payloads;
    private readonly RouterCache _routers;
    private readonly ProviderFactory _factory;
    private readonly ISecretRedactor _redactor;
    private readonly TimeProvider _time;

    // Questions alone: what is asked twice is not charged twice.
    private readonly ResiliencePipeline _again;

    internal BatchDirectory(WorkspaceLedger ledger, IPayloadStore payloads, RouterCache routers, ProviderFactory factory, ISecretRedactor redactor, TimeProvider time)
    {
        _ledger = ledger;
        _payloads = payloads;
        _routers = routers;
        _factory = factory;
        _redactor = redactor;
        _time = time;
        _again = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<ProviderFaultException>(exception => exception.Fault.IsTransient),
                MaxRetryAttempts = 5,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = FirstWait,
                MaxDelay = LongestWait,
                DelayGenerator = static arguments => ValueTask.FromResult(
                    (arguments.Outcome.Exception as ProviderFaultException)?.Fault.RetryAfter is { } asked && asked < LongestWait ? asked : (TimeSpan?)null),
            })
            .Build();
    }

    /// <summary>Hands prompts over; what they are expected to cost is set aside until they are collected.</summary>
    /// <param name="how">The route, and what holds for all prompts.</param>
    /// <param name="prompts">The prompts, at least one.</param>
    /// <param name="cancellationToken">Stops it; whether the provider took the batch is then unknown, and the ledger says so.</param>
    /// <exception cref="AgentOpsException">
    /// <c>RouteNotFound</c>; <c>NoEligibleTarget</c>: none takes these prompts as a batch; <c>BatchTooLarge</c>; the provider's refusal.
    /// </exception>
    public async ValueTask<BatchState> SubmitAsync(RoutePrompt how, IReadOnlyList<string> prompts, CancellationToken cancellationToken)
    {
        var state = await _ledger.RefreshAsync(cancellationToken);
        var route = RouteTable.Require(state, how.Route);
        var isBudgeted = Budget.Demands(state, null, how.Task, 0).Any();
        how = isBudgeted ? how with { MaxOutputTokens = how.MaxOutputTokens ?? BoundedOutputTokens } : how;
        var requests = prompts.Select(prompt => how.ToRequest(route, prompt) with { Budget = null }).ToArray();
        var (target, reserved) = BatchChoice.Choose(_routers.For(state), requests, how.MaxCost, candidate => RefusalOf(state, candidate.Provider, prompts.Count));
        var provider = Find(state, target.Provider)!;
        if (prompts.Count > provider.MaximumItems)
        {
            throw new AgentOpsException(ErrorCodes.BatchTooLarge,
                FormattableString.Invariant($"A batch at '{target.Provider}' holds {provider.MaximumItems} prompts, and these are {prompts.Count}."), how.Route);
        }

        var kept = await _payloads.PutAsync(BatchPayload.WritePrompts(how with { Instructions = Redact(how.Instructions) }, [.. prompts.Select(prompt => Redact(prompt)!)]), cancellationToken);
        var id = "b" + SessionId.Create(_time.GetUtcNow());
        var requested = new NewEvent(EventTypes.BatchRequested, EventTypes.Version, new JsonObject()
            .With("id", id)
            .With("route", route.Name)
            .With("target", target.ToJson())
            .With("count", prompts.Count)
            .With("prompts", kept)
            .With("reserved", reserved))
        {
            Task = how.Task,
        };
        await RequestAsync(requested, id, how, isBudgeted ? Bound(requests, target) : 0, cancellationToken);
        try
        {
            var vendorId = await provider.SubmitAsync(Items(requests, target), id, cancellationToken);

            // The provider has it now: this record must not be stopped any more.
            await AppendAsync(EventTypes.BatchAccepted, new JsonObject().With("id", id).With("vendorId", vendorId), how.Task, CancellationToken.None);
        }
        catch (ProviderFaultException exception) when (!MayHaveBeenTaken(exception.Fault))
        {
            await _ledger.TransactAsync(
                (current, transaction) =>
                {
                    transaction.Add(new NewEvent(EventTypes.BatchRefused, EventTypes.Version, new JsonObject().With("id", id).With("reason", exception.Fault.Detail)) { Task = how.Task });
                    Settle(transaction, current.Limits.Release(ReservationOf(id), "the provider did not take the batch"));
                    return true;
                },
                CancellationToken.None);
            throw RouteFailure.OfBatch($"'{target.Provider}' did not take the batch", exception.Fault, id);
        }
        catch (ProviderFaultException exception)
        {
            throw RouteFailure.OfBatch($"It is unknown whether '{target.Provider}' took the batch {id}", exception.Fault, id);
        }

        return Require(await _ledger.RefreshAsync(CancellationToken.None), id);
    }

    /// <summary>All batches, the oldest first.</summary>
    public async ValueTask<IReadOnlyList<BatchState>> ListAsync(CancellationToken cancellationToken) =>
        [.. (await _ledger.RefreshAsync(cancellationToken)).Batches.Values.OrderBy(batch => batch.Submitted).ThenBy(batch => batch.Id, StringComparer.Ordinal)];

    /// <summary>Asks the provider again and again, ever more seldom, until the batch has ended.</summary>
    /// <exception cref="AgentOpsException"><c>BatchNotFound</c>; the provider's refusal.</exception>
    public async IAsyncEnumerable<BatchProgress> WatchAsync(string id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var wait = FirstWait; ; wait = wait * 1.5 < LongestWait ? wait * 1.5 : LongestWait)
        {
            var progress = await ProgressAsync(id, cancellationToken);
            yield return progress;
            if (progress.IsEnded)
            {
                yield break;
            }

            await Task.Delay(wait, _time, cancellationToken);
        }
    }

    /// <summary>
    /// The results of a batch that has ended, in the prompts' order, each an answer or an error. The first time they are fetched, kept,
    /// and what they cost is settled; later they come from what was kept.
    /// </summary>
    /// <exception cref="AgentOpsException"><c>BatchNotFound</c>, <c>BatchRunning</c>, <c>BatchNotTaken</c>; the provider's refusal.</exception>
    public async ValueTask<IReadOnlyList<RouteBatchAnswer>> CollectAsync(string id, CancellationToken cancellationToken)
    {
        var state = await _ledger.RefreshAsync(cancellationToken);
        var batch = Require(state, id);
        var (how, prompts) = BatchPayload.ReadPrompts(batch, await _payloads.GetAsync(batch.Prompts, cancellationToken));
        var route = state.Routes.GetValueOrDefault(batch.Route) ?? new RouteDefinition { Name = batch.Route, Targets = [batch.Target] };
        var requests = prompts.Select(prompt => how.ToRequest(route, prompt)).ToArray();
        if (batch.Status == BatchStatus.Collected)
        {
            var kept = BatchPayload.ReadResults(await _payloads.GetAsync(batch.Results!, cancellationToken));
            return BatchAnswers.Of(batch, requests, kept);
        }

        var provider = await ProviderAsync(id, cancellationToken);
        IReadOnlyList<BatchItemResult> results;
        try
        {
            var progress = await _again.ExecuteAsync(async token => await provider.GetAsync(batch.VendorId!, token), cancellationToken);
            if (!progress.IsEnded)
            {
                throw new AgentOpsException(ErrorCodes.BatchRunning,
                    FormattableString.Invariant($"The batch {id} has not ended: {progress.Done} of {batch.Count} prompts are done ({progress.Status})."), id);
            }

            var items = Items(requests, batch.Target);
            results = await _again.ExecuteAsync(async token => await provider.ReadAsync(batch.VendorId!, items, token), cancellationToken);
        }
        catch (ProviderFaultException exception)
        {
            throw RouteFailure.OfBatch($"The results of the batch {id} did not come", exception.Fault, id);
        }

        await SettleAsync(batch, results);
        return BatchAnswers.Of(batch, requests, results);
    }

    /// <summary>Asks the provider to stop a batch; what was answered by then can be collected, and costs.</summary>
    /// <exception cref="AgentOpsException"><c>BatchNotFound</c>, <c>BatchNotTaken</c>; the provider's refusal.</exception>
    public async ValueTask<BatchState> StopAsync(string id, CancellationToken cancellationToken)
    {
        var batch = Require(await _ledger.RefreshAsync(cancellationToken), id);
        if (batch.Status is BatchStatus.Running)
        {
            try
            {
                await (await ProviderAsync(id, cancellationToken)).CancelAsync(batch.VendorId!, cancellationToken);
            }
            catch (ProviderFaultException exception)
            {
                throw RouteFailure.OfBatch($"The batch {id} was not stopped", exception.Fault, id);
            }

            await AppendAsync(EventTypes.BatchStopRequested, new JsonObject().With("id", id), batch.Task, CancellationToken.None);
        }

        return Require(await _ledger.RefreshAsync(CancellationToken.None), id);
    }

    private static string ReservationOf(string id) => "batch/" + id;

    private static void Settle(LedgerTransaction transaction, NewEvent? settled)
    {
        if (settled is not null)
        {
            transaction.Add(settled);
        }
    }

    // What the batch can cost at most; nothing is known to fit a budget that has no price.
    private static decimal Bound(IReadOnlyList<RouteRequest> requests, RouteTarget target)
    {
        var price = target.Price ?? throw new AgentOpsException(ErrorCodes.NoEligibleTarget,
            $"The price of '{target}' is unknown, so that the budget can't be kept.", target.ToString(), "Give the route's target a price.");
        return requests.Sum(request => CostCalculator.Cost(
            new Usage(TokenEstimate.OfPrompt(request.Request), request.Request.MaxOutputTokens ?? BoundedOutputTokens), price));
    }

    private static BatchState Require(WorkspaceState state, string id) => state.Batches.TryGetValue(id, out var batch)
        ? batch
        : throw new AgentOpsException(ErrorCodes.BatchNotFound, $"There is no batch '{id}'.", id);

    // The provider may have it although no answer said so: not where the connection never stood or the answer was a clear no.
    private static bool MayHaveBeenTaken(ProviderFault fault) =>
        fault.Status is null or >= 500 && fault.Kind is FaultKind.TimedOut or FaultKind.Interrupted or FaultKind.Protocol or FaultKind.ServerError;

    private static BatchItem[] Items(IReadOnlyList<RouteRequest> requests, RouteTarget target) =>
        [.. requests.Select((request, index) => new BatchItem(BatchPayload.NameOf(index), request.Request with { Model = target.Model, Stream = false }))];

    // The batch and what it takes from the budgets that cover it, in one.
    private ValueTask<bool> RequestAsync(NewEvent requested, string id, RoutePrompt how, decimal most, CancellationToken cancellationToken) =>
        _ledger.TransactAsync(
            (state, transaction) =>
            {
                LimitDemand[] demands = [.. Budget.Demands(state, null, how.Task, most)];
                if (demands.Length > 0)
                {
                    if (!state.Limits.TryReserve(ReservationOf(id), demands, transaction.Now, Lease, out var reserved, out _, out var why))
                    {
                        throw new AgentOpsException(ErrorCodes.NoEligibleTarget, FormattableString.Invariant($"The batch may cost ${most}. {why}"), how.Route,
                            "Send fewer prompts, bound the answers with -MaxOutputTokens, or raise the budget.");
                    }

                    transaction.Add(reserved with { Task = how.Task });
                }

                transaction.Add(requested);
                return true;
            },
            cancellationToken);

    // Known before anything is asked of the provider.
    private string? RefusalOf(WorkspaceState state, string provider, int count) => Find(state, provider) switch
    {
        { MinimumItems: var fewest } when count < fewest => FormattableString.Invariant($"A batch holds at least {fewest} prompts there."),
        not null => null,
        null when _routers.Find(state, provider)?.Definition.Kind == ProviderKinds.Bedrock =>
            "Its batches need a place in S3 and a role (batch: {location, role} of its options; -BatchLocation and -BatchRole).",
        null => "Its provider has no interface for batches here.",
    };

    private IBatchProvider? Find(WorkspaceState state, string provider) =>
        _routers.Find(state, provider) is { } registered ? _factory.CreateBatches(registered.Definition) : null;

    private async ValueTask<IBatchProvider> ProviderAsync(string id, CancellationToken cancellationToken)
    {
        var state = await _ledger.RefreshAsync(cancellationToken);
        var batch = Require(state, id);
        if (batch.VendorId is null)
        {
            throw batch.Status == BatchStatus.Refused
                ? new AgentOpsException(ErrorCodes.BatchNotTaken, $"The provider did not take the batch {id}: {batch.Reason}", id)
                : new AgentOpsException(ErrorCodes.BatchNotTaken, $"Nothing says that '{batch.Target.Provider}' took the batch {id}: the process that submitted it ended before the answer.", id);
        }

        ProviderRegistry.Require(state, batch.Target.Provider);
        return Find(state, batch.Target.Provider)
            ?? throw new AgentOpsException(ErrorCodes.ProviderInvalid, $"The provider '{batch.Target.Provider}' is of another kind now, which has no batches.", batch.Target.Provider);
    }

    private async ValueTask<BatchProgress> ProgressAsync(string id, CancellationToken cancellationToken)
    {
        var batch = Require(await _ledger.RefreshAsync(cancellationToken), id);
        if (batch.Status == BatchStatus.Collected)
        {
            return new BatchProgress(true, batch.Count, "collected");
        }

        var provider = await ProviderAsync(id, cancellationToken);
        try
        {
            return await _again.ExecuteAsync(async token => await provider.GetAsync(batch.VendorId!, token), cancellationToken);
        }
        catch (ProviderFaultException exception)
        {
            throw RouteFailure.OfBatch($"The batch {id} can't be asked for", exception.Fault, id);
        }
    }

    // Once, whoever collects first: the state is current where it is decided.
    private async ValueTask SettleAsync(BatchState batch, IReadOnlyList<BatchItemResult> results)
    {
        var kept = await _payloads.PutAsync(System.Text.Encoding.UTF8.GetBytes(Redact(System.Text.Encoding.UTF8.GetString(BatchPayload.WriteResults(results)))!), CancellationToken.None);
        await _ledger.TransactAsync(
            (state, transaction) =>
            {
                if (Require(state, batch.Id).Status == BatchStatus.Collected)
                {
                    return false;
                }

                foreach (var settled in BatchAnswers.Records(batch, results, kept))
                {
                    transaction.Add(settled);
                }

                Settle(transaction, state.Limits.Commit(ReservationOf(batch.Id), BatchAnswers.Cost(batch, results)));
                return true;
            },
            CancellationToken.None);
    }

    private async ValueTask AppendAsync(string type, JsonObject data, string? task, CancellationToken cancellationToken) =>
        await _ledger.Store.AppendAsync([new NewEvent(type, EventTypes.Version, data) { Task = task }], cancellationToken);

    private string? Redact(string? text) => text is null ? null : _redactor.Redact(text);
}
