using AgentOps.Engine.Errors;
using AgentOps.Engine.Providers;

namespace AgentOps.Engine.Routing;

/// <summary>One call of one target: its events, and the account of what it used, however it ends.</summary>
internal sealed class TargetCall : IAsyncDisposable
{
    private readonly CompiledTarget _target;
    private readonly SignatureSeal _seal;
    private readonly int _number;
    private readonly TimeProvider _timeProvider;
    private readonly CancellationToken _ct;
    private readonly CancellationTokenSource? _own;
    private readonly IAsyncEnumerator<ModelEvent> _events;
    private readonly OutputMeter _meter = new();
    private readonly long _started;
    private TimeSpan? _firstToken;
    private bool _settled;

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
        _target = target;
        _seal = new SignatureSeal(target.Target, target.Provider!.Definition.Kind, request);
        _number = number;
        _timeProvider = timeProvider;
        _own = canAbandon ? CancellationTokenSource.CreateLinkedTokenSource(ct) : null;
        _ct = _own?.Token ?? ct;
        _started = timeProvider.GetTimestamp();
        target.Circuit.Entered();
        target.Account.Circuit.Entered();
        _events = target.Provider.Provider.StreamAsync(_seal.Request, _ct).GetAsyncEnumerator(_ct);
    }

    public CompiledTarget Target => _target;

    /// <summary>Something of the answer was seen: from now on no other attempt may be made.</summary>
    public bool HasAnswered => _firstToken is not null;

    public ProviderFault? Fault { get; private set; }

    public bool IsCancelled { get; private set; }

    public ModelCompleted? Completion { get; private set; }

    /// <summary>The next event; null when the call ended: completed, failed or cancelled.</summary>
    public async ValueTask<ModelEvent?> NextAsync()
    {
        try
        {
            if (!await _events.MoveNextAsync().ConfigureAwait(false))
            {
                Fault ??= Completion is null
                    ? new ProviderFault(FaultKind.Interrupted, _target.Target.Provider, "The answer ended without a stop reason.")
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
            Fault = new ProviderFault(FaultKind.Authentication, _target.Target.Provider, exception.Message);
            return null;
        }
        catch (OperationCanceledException) when (_ct.IsCancellationRequested)
        {
            IsCancelled = true;
            return null;
        }

        switch (_events.Current)
        {
            case ModelCompleted completed:
                Completion = completed;
                return null;
            case TextDelta delta:
                _meter.Add(delta.Text);
                break;
            case ReasoningDelta delta:
                _meter.Add(delta.Text);
                break;
            case ToolCallProposed proposed:
                _meter.Add(proposed.Call);
                break;
        }

        _firstToken ??= _timeProvider.GetElapsedTime(_started);
        return _seal.Seal(_events.Current);
    }

    /// <summary>Gives the call up: another one was faster.</summary>
    public void Abandon() => _own?.Cancel();

    /// <summary>The account of the call; tells the circuits how it went.</summary>
    public RouteAttempt End()
    {
        // Refused before it began, a call costs nothing; broken off or cancelled, it costs what was seen and the prompt.
        var usage = Completion?.Usage ?? (HasAnswered || IsCancelled ? _meter.Estimate(_seal.Request) : Usage.Zero);
        var cost = _target.Price is null ? 0 : CostCalculator.Cost(usage, _target.Price);
        Settle(cost);
        return new RouteAttempt(
            _target.Target, _number, Fault, usage, cost, _timeProvider.GetElapsedTime(_started), _firstToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _events.DisposeAsync().ConfigureAwait(false);
        _own?.Dispose();
        if (!_settled)
        {
            // The caller stopped listening: what was seen so far is spent all the same.
            IsCancelled |= Completion is null && Fault is null;
            End();
        }
    }

    private void Settle(decimal cost)
    {
        if (_settled)
        {
            return;
        }

        _settled = true;
        _target.Account.Spend(cost);
        if (Fault is { Kind: FaultKind.QuotaExhausted })
        {
            _target.Account.Circuit.Failed(Fault);
            _target.Circuit.Left();
        }
        else if (Fault is not null)
        {
            _target.Circuit.Failed(Fault);
            _target.Account.Circuit.Left();
        }
        else if (Completion is not null)
        {
            _target.Circuit.Succeeded();
            _target.Account.Circuit.Succeeded();
        }
        else
        {
            _target.Circuit.Left();
            _target.Account.Circuit.Left();
        }
    }
}
