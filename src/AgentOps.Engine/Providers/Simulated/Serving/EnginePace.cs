namespace AgentOps.Engine.Providers.Simulated;

/// <summary>
/// When each part of one answer is said: the answer's tokens, as many as its usage tells, are spread over its parts by their weight.
/// The first part comes with the first token and the end with the last.
/// </summary>
internal sealed class EnginePace : IDisposable
{
    private readonly EngineTicket _ticket;
    private readonly long _tokens;
    private readonly long _weight;
    private long _said;

    public EnginePace(SimulatedEngine engine, ScenarioTurn turn)
    {
        _tokens = Math.Max(1, turn.Usage.OutputTokens);
        _weight = Math.Max(1, TokenEstimate.OfText(turn.Reason) + turn.Pieces.Count + turn.Calls.Sum(TokenEstimate.OfPart));
        _ticket = engine.Submit(turn.Usage.InputTokens, _tokens);
    }

    /// <summary>Waits for the beginning of a part.</summary>
    public Task BeginAsync(long weight, CancellationToken ct)
    {
        var token = 1 + (_said * _tokens / _weight);
        _said += weight;
        return _ticket.EmittedAsync((int)Math.Min(token, _tokens), ct);
    }

    /// <summary>Waits for the end of a part: one that is of no use before it is whole.</summary>
    public Task EndAsync(long weight, CancellationToken ct)
    {
        _said += weight;
        return _ticket.EmittedAsync((int)Math.Clamp(((_said * _tokens) + _weight - 1) / _weight, 1, _tokens), ct);
    }

    /// <summary>Waits for the last token.</summary>
    public Task AllAsync(CancellationToken ct) => _ticket.EmittedAsync((int)_tokens, ct);

    public void Dispose() => _ticket.Dispose();
}
