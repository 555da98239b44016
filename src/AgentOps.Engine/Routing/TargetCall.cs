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
    private readonly IAsyncEnumerator<ModelEvent> events;
    private readonly OutputMeter meter = new();
    private readonly long started;
    private TimeSpan? firstToken;

    public TargetCall(CompiledTarget target, ModelRequest request, int number, TimeProvider timeProvider, CancellationToken ct)
    {
        this.target = target;
        this.request = request with { Model = target.Target.Model };
        this.number = number;
        this.timeProvider = timeProvider;
        this.ct = ct;
        started = timeProvider.GetTimestamp();
        events = target.Provider!.Provider.StreamAsync(this.request, ct).GetAsyncEnumerator(ct);
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

    /// <summary>The account of the call.</summary>
    public RouteAttempt End()
    {
        // Refused before it began, a call costs nothing; broken off or cancelled, it costs what was seen and the prompt.
        var usage = Completion?.Usage ?? (HasAnswered || IsCancelled ? meter.Estimate(request) : Usage.Zero);
        return new RouteAttempt(
            target.Target,
            number,
            Fault,
            usage,
            target.Price is null ? 0 : CostCalculator.Cost(usage, target.Price),
            timeProvider.GetElapsedTime(started),
            firstToken);
    }

    public ValueTask DisposeAsync() => events.DisposeAsync();
}
