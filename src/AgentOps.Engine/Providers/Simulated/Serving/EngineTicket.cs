namespace AgentOps.Engine.Providers.Simulated;

/// <summary>A call in a <see cref="SimulatedEngine"/>.</summary>
public sealed class EngineTicket : IDisposable
{
    private readonly SimulatedEngine _engine;
    private TaskCompletionSource? _waiting;
    private int _awaited;

    internal EngineTicket(SimulatedEngine engine, int request) => (_engine, Request) = (engine, request);

    internal int Request { get; }

    /// <summary>Waits until so many tokens of the answer have left the engine. One wait at a time.</summary>
    /// <param name="tokens">How many, from 1.</param>
    /// <param name="cancellationToken">Stops the wait.</param>
    public Task EmittedAsync(int tokens, CancellationToken cancellationToken) =>
        _engine.EmittedAsync(this, tokens).WaitAsync(cancellationToken);

    /// <summary>The call has ended, or its client has left.</summary>
    public void Dispose() => _engine.Release(this);

    internal Task Await(int tokens, int emitted)
    {
        if (emitted >= tokens)
        {
            return Task.CompletedTask;
        }

        _awaited = tokens;
        _waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _waiting.Task;
    }

    internal void Tell(int emitted)
    {
        if (_waiting is { } waiting && emitted >= _awaited)
        {
            _waiting = null;
            waiting.SetResult();
        }
    }
}
