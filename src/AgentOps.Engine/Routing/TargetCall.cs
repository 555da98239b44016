using AgentOps.Engine.Errors;
using AgentOps.Engine.Providers;

namespace AgentOps.Engine.Routing;

/// <summary>One call of one target: its events, and the account of what it used, however it ends.</summary>
internal sealed class TargetCall : IAsyncDisposable
{
    private readonly CompiledTarget target;
    private readonly ModelRequest request;
    private readonly int number;
    private readonly TimeProvider timeProvider;
    private readonly CancellationToken ct;
    private readonly CancellationTokenSource? own;
    private readonly IAsyncEnumerator<ModelEvent> events;
    private readonly OutputMeter meter = new();
    private readonly long started;
    private TimeSpan? firstToken;
    private bool settled;

    /// <summary>Begins a call.</summary>
    /// <param name="target">Whom to call.</param>
    /// <param name="request">What to ask.</param>
    /// <param name="number">The attempt, from 1.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="canAbandon">It may have to be given up for another.</param>
    /// <param name="ct">The caller's.</param>
    public TargetCall(
        CompiledTarget target, ModelRequest request, int number, TimeProvider timeProvider, bool canAbandon, CancellationToken ct)
    {
        this.target = target;
        this.request = request with { Model = target.Target.Model };
        this.number = number;
        this.timeProvider = timeProvider;
        own = canAbandon ? CancellationTokenSource.CreateLinkedTokenSource(ct) : null;
        this.ct = own?.Token ?? ct;
        started = timeProvider.GetTimestamp();
        target.Circuit.Entered();
        target.Account.Circuit.Entered();
        events = target.Provider!.Provider.StreamAsync(this.request, this.ct).GetAsyncEnumerator(this.ct);
    }

    public CompiledTarget Target => target;

    /// <summary>Something of the answer was seen: from now on no other attempt may be made.</summary>
    public bool HasAnswered => firstToken is not null;

    public ProviderFault? Fault { get; private set; }

    public bool IsCancelled { get; private set; }

    public ModelCompleted? Completion { get; private set; }

    /// <summary>The next event; null when the call ended: completed, failed or cancelled.</summary>
    public async ValueTask<ModelEvent?> NextAsync()
    {
        try
        {
            if (!await events.MoveNextAsync().ConfigureAwait(false))
            {
                Fault ??= Completion is null
                    ? new ProviderFault(FaultKind.Interrupted, target.Target.Provider, "The answer ended without a stop reason.")
                    : null;
                return null;
            }
        }
        catch (ProviderFaultException exception)
        {
            Fault = exception.Fault;
            return null;
        }
        catch (AgentOpsException exception)
        {
            // A secret that can't be resolved here need not stop a route that has another provider.
            Fault = new ProviderFault(FaultKind.Authentication, target.Target.Provider, exception.Message);
            return null;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            IsCancelled = true;
            return null;
        }

        switch (events.Current)
        {
            case ModelCompleted completed:
                Completion = completed;
                return null;
            case TextDelta delta:
                meter.Add(delta.Text);
                break;
            case ReasoningDelta delta:
                meter.Add(delta.Text);
                break;
            case ToolCallProposed proposed:
                meter.Add(proposed.Call);
                break;
        }

        firstToken ??= timeProvider.GetElapsedTime(started);
        return events.Current;
    }

    /// <summary>Gives the call up: another one was faster.</summary>
    public void Abandon() => own?.Cancel();

    /// <summary>The account of the call; tells the circuits how it went.</summary>
    public RouteAttempt End()
    {
        // Refused before it began, a call costs nothing; broken off or cancelled, it costs what was seen and the prompt.
        var usage = Completion?.Usage ?? (HasAnswered || IsCancelled ? meter.Estimate(request) : Usage.Zero);
        var cost = target.Price is null ? 0 : CostCalculator.Cost(usage, target.Price);
        Settle(cost);
        return new RouteAttempt(
            target.Target, number, Fault, usage, cost, timeProvider.GetElapsedTime(started), firstToken);
    }

    public async ValueTask DisposeAsync()
    {
        await events.DisposeAsync().ConfigureAwait(false);
        own?.Dispose();
        if (!settled)
        {
            // The caller stopped listening: what was seen so far is spent all the same.
            IsCancelled |= Completion is null && Fault is null;
            End();
        }
    }

    private void Settle(decimal cost)
    {
        if (settled)
        {
            return;
        }

        settled = true;
        target.Account.Spend(cost);
        if (Fault is { Kind: FaultKind.QuotaExhausted })
        {
            target.Account.Circuit.Failed(Fault);
            target.Circuit.Left();
        }
        else if (Fault is not null)
        {
            target.Circuit.Failed(Fault);
            target.Account.Circuit.Left();
        }
        else if (Completion is not null)
        {
            target.Circuit.Succeeded();
            target.Account.Circuit.Succeeded();
        }
        else
        {
            target.Circuit.Left();
            target.Account.Circuit.Left();
        }
    }
}
