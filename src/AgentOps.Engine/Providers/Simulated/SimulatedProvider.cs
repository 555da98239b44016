using System.Runtime.CompilerServices;

namespace AgentOps.Engine.Providers.Simulated;

/// <summary>A model in process that follows a <see cref="Scenario"/>. It needs no network, no key and no money.</summary>
/// <param name="name">The provider's name.</param>
/// <param name="scenario">The script.</param>
/// <param name="timeProvider">What the scripted latencies wait on.</param>
/// <param name="timeouts">After which time a stalled stream is given up; null: the usual.</param>
/// <param name="engine">The accelerator that paces answers, shared by the calls in flight; null: the scenario's latencies.</param>
public sealed class SimulatedProvider(
    string name, Scenario scenario, TimeProvider timeProvider, ProviderTimeouts? timeouts = null, SimulatedEngine? engine = null) : IModelProvider
{
    private readonly ScenarioPlayer _player = new(scenario);

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public string Kind => ProviderKinds.Simulated;

    /// <inheritdoc/>
    public async IAsyncEnumerable<ModelEvent> StreamAsync(ModelRequest request, [EnumeratorCancellation] CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var turn = _player.Next(request);
        if (engine is null)
        {
            await WaitAsync(turn.FirstToken, ct).ConfigureAwait(false);
        }

        if (turn.Fault is { } early && SimulatedFaults.BeforeAnswer(early, name) is { } refused)
        {
            throw new ProviderFaultException(refused);
        }

        using var pace = engine is null ? null : new EnginePace(engine, turn);
        if (turn.Reason.Length > 0)
        {
            await (pace?.BeginAsync(TokenEstimate.OfText(turn.Reason), ct) ?? Task.CompletedTask).ConfigureAwait(false);
            yield return new ReasoningDelta(turn.Reason, null);
        }

        var given = 0;
        foreach (var piece in turn.Pieces)
        {
            await BreakAsync(turn, given, ct).ConfigureAwait(false);
            await (pace?.BeginAsync(1, ct) ?? WaitAsync(given > 0 ? turn.PerToken : TimeSpan.Zero, ct)).ConfigureAwait(false);
            given++;
            yield return new TextDelta(piece);
        }

        foreach (var call in turn.Calls)
        {
            await BreakAsync(turn, given++, ct).ConfigureAwait(false);
            await (pace?.EndAsync(TokenEstimate.OfPart(call), ct) ?? Task.CompletedTask).ConfigureAwait(false);
            yield return new ToolCallProposed(call);
        }

        // A fault that was to come later than the answer is long strikes at its end.
        await BreakAsync(turn, int.MaxValue, ct).ConfigureAwait(false);
        await (pace?.AllAsync(ct) ?? Task.CompletedTask).ConfigureAwait(false);
        yield return new ModelCompleted(turn.Stop, turn.Usage, request.Model, $"sim-{turn.Number}");
    }

    private async Task BreakAsync(ScenarioTurn turn, int given, CancellationToken ct)
    {
        if (turn.Fault is not { } fault || given < fault.After)
        {
            return;
        }

        switch (fault.Kind)
        {
            case ScenarioFaultKind.Stall:
                await Task.Delay((timeouts ?? ProviderTimeouts.Default).Idle, timeProvider, ct).ConfigureAwait(false);
                throw new ProviderFaultException(new ProviderFault(FaultKind.TimedOut, name, "The scripted stream stalled."));
            case ScenarioFaultKind.TornStream:
                throw new ProviderFaultException(new ProviderFault(FaultKind.Interrupted, name, "The scripted stream broke off."));
            case ScenarioFaultKind.StreamError:
                throw new ProviderFaultException(new ProviderFault(FaultKind.Overloaded, name, "A scripted error in mid-stream."));
            default:
                break;
        }
    }

    private Task WaitAsync(TimeSpan delay, CancellationToken ct) =>
        delay > TimeSpan.Zero ? Task.Delay(delay, timeProvider, ct) : Task.CompletedTask;
}
