using System.Runtime.CompilerServices;
using System.Text;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Providers;
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
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    private readonly WorkspaceLedger _ledger;
    private readonly IPayloadStore _payloads;
    private readonly ISecretRedactor _redactor;
    private readonly TimeProvider _time;
    private readonly BatchProviders _providers;
    private readonly BatchJournal _journal;
    private readonly BatchReconciliation _reconciliation;
    private readonly BatchSubmission _submission;

    // Questions alone: what is asked twice is not charged twice.
    private readonly ResiliencePipeline _again;

    internal BatchDirectory(WorkspaceLedger ledger, IPayloadStore payloads, RouterCache routers, ProviderFactory factory, ISecretRedactor redactor, TimeProvider time)
    {
        _ledger = ledger;
        _payloads = payloads;
        _redactor = redactor;
        _time = time;
        _providers = new BatchProviders(routers, factory);
        _journal = new BatchJournal(ledger);
        _reconciliation = new BatchReconciliation(ledger, _journal, _providers, time);
        _submission = new BatchSubmission(ledger, payloads, routers, _providers, _journal, _reconciliation, redactor, time);
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
    /// <param name="cancellationToken">Stops it; whether the provider took the batch is then unknown until somebody asks for it.</param>
    /// <exception cref="AgentOpsException">
    /// <c>RouteNotFound</c>; <c>NoEligibleTarget</c>: none takes these prompts as a batch; <c>BatchTooLarge</c>; the provider's refusal;
    /// <c>BatchUnknown</c>: the provider's answer was lost, and its own list does not tell yet.
    /// </exception>
    public ValueTask<BatchState> SubmitAsync(RoutePrompt how, IReadOnlyList<string> prompts, CancellationToken cancellationToken) =>
        _submission.SubmitAsync(how, prompts, cancellationToken);

    /// <summary>All batches, the oldest first.</summary>
    public async ValueTask<IReadOnlyList<BatchState>> ListAsync(CancellationToken cancellationToken) =>
        [.. (await _ledger.RefreshAsync(cancellationToken)).Batches.Values.OrderBy(batch => batch.Submitted).ThenBy(batch => batch.Id, StringComparer.Ordinal)];

    /// <summary>
    /// Asks the provider again and again, ever more seldom, until the batch has ended; and whether it has the batch at all, until that is known.
    /// </summary>
    /// <exception cref="AgentOpsException"><c>BatchNotFound</c>, <c>BatchNotTaken</c>; the provider's refusal.</exception>
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
    /// and what they cost is settled; later they come from what was kept. Prompts that were erased are empty.
    /// </summary>
    /// <exception cref="AgentOpsException"><c>BatchNotFound</c>, <c>BatchRunning</c>, <c>BatchNotTaken</c>, <c>BatchUnknown</c>; the provider's refusal.</exception>
    public async ValueTask<IReadOnlyList<RouteBatchAnswer>> CollectAsync(string id, CancellationToken cancellationToken)
    {
        var state = await _ledger.RefreshAsync(cancellationToken);
        var batch = BatchJournal.Require(state, id);
        var (how, prompts) = BatchPayload.ReadPrompts(batch, await PromptsAsync(batch, cancellationToken));
        var route = state.Routes.GetValueOrDefault(batch.Route) ?? new RouteDefinition { Name = batch.Route, Targets = [batch.Target] };
        var requests = prompts.Select(prompt => how.ToRequest(route, prompt)).ToArray();
        if (batch.Status == BatchStatus.Collected)
        {
            return BatchAnswers.Of(batch, requests, BatchPayload.ReadResults(await _payloads.GetAsync(batch.Results!, cancellationToken)));
        }

        var results = await AskAsync(id, $"The results of the batch {id} did not come", async (provider, vendorId, token) =>
        {
            var progress = await AgainAsync(provider.GetAsync, vendorId, token);
            return progress.IsEnded
                ? await AgainAsync((known, again) => provider.ReadAsync(known, BatchSubmission.Items(requests, batch.Target), again), vendorId, token)
                : throw new AgentOpsException(ErrorCodes.BatchRunning,
                    FormattableString.Invariant($"The batch {id} has not ended: {progress.Done} of {batch.Count} prompts are done ({progress.Status})."), id);
        }, cancellationToken);
        var kept = await _payloads.PutAsync(Encoding.UTF8.GetBytes(_redactor.Redact(Encoding.UTF8.GetString(BatchPayload.WriteResults(results)))), CancellationToken.None);
        await _journal.SettleAsync(batch, results, kept);
        return BatchAnswers.Of(batch, requests, results);
    }

    /// <summary>Asks the provider to stop a batch; what was answered by then can be collected, and costs.</summary>
    /// <exception cref="AgentOpsException"><c>BatchNotFound</c>, <c>BatchUnknown</c>; the provider's refusal.</exception>
    public async ValueTask<BatchState> StopAsync(string id, CancellationToken cancellationToken)
    {
        var batch = BatchJournal.Require(await _ledger.RefreshAsync(cancellationToken), id);
        if (batch.Status is BatchStatus.Running or BatchStatus.Submitting or BatchStatus.Unknown)
        {
            try
            {
                await AskAsync(id, $"The batch {id} was not stopped", async (provider, vendorId, token) =>
                {
                    await provider.CancelAsync(vendorId, token);
                    return true;
                }, cancellationToken);
                await _journal.StopAsync(id);
            }
            catch (AgentOpsException exception) when (exception.Code == ErrorCodes.BatchNotTaken)
            {
                // It turns out that there is nothing to stop.
            }
        }

        return BatchJournal.Require(await _ledger.RefreshAsync(CancellationToken.None), id);
    }

    // Results are matched by name: what was asked may be erased by then, and is charged all the same.
    private async ValueTask<byte[]?> PromptsAsync(BatchState batch, CancellationToken cancellationToken)
    {
        try
        {
            return await _payloads.GetAsync(batch.Prompts, cancellationToken);
        }
        catch (AgentOpsException exception) when (exception.Code == ErrorCodes.PayloadNotFound)
        {
            return null;
        }
    }

    private async ValueTask<BatchProgress> ProgressAsync(string id, CancellationToken cancellationToken)
    {
        var batch = BatchJournal.Require(await _ledger.RefreshAsync(cancellationToken), id);
        if (batch.Status == BatchStatus.Collected)
        {
            return new BatchProgress(true, batch.Count, "collected");
        }

        try
        {
            return await AskAsync(id, $"The batch {id} can't be asked for", (provider, vendorId, token) => AgainAsync(provider.GetAsync, vendorId, token), cancellationToken);
        }
        catch (AgentOpsException exception) when (exception.Code == ErrorCodes.BatchUnknown)
        {
            return new BatchProgress(false, 0, "unknown") { Unknown = exception.Message };
        }
    }

    private async Task<T> AgainAsync<T>(Func<string, CancellationToken, Task<T>> question, string vendorId, CancellationToken cancellationToken) =>
        await _again.ExecuteAsync(async token => await question(vendorId, token), cancellationToken);

    // Of the provider that has the batch; whether it has it is found out first, where no answer said so.
    private async ValueTask<T> AskAsync<T>(string id, string otherwise, Func<IBatchProvider, string, CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        try
        {
            var batch = await _again.ExecuteAsync(async token => await _reconciliation.RequireTakenAsync(id, token), cancellationToken);
            var provider = _providers.Require(await _ledger.RefreshAsync(cancellationToken), batch);
            return await ask(provider, batch.VendorId!, cancellationToken);
        }
        catch (ProviderFaultException exception)
        {
            throw RouteFailure.OfBatch(otherwise, exception.Fault, id);
        }
    }
}
