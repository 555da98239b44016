using AgentOps.Engine.Errors;
using AgentOps.Engine.Providers;

namespace AgentOps.Engine.Routing;

/// <summary>What comes of one routed call, added up while its events pass.</summary>
/// <param name="request">The call.</param>
/// <param name="index">Its place among others, from 0.</param>
internal sealed class RouteTally(RouteRequest request, int index)
{
    private readonly AssistantMessageBuilder _message = new();
    private readonly long _started = TimeProvider.System.GetTimestamp();
    private RouteAttempt? _broken;
    private decimal _failed;

    /// <summary>Whether the call has ended.</summary>
    public bool HasEnded => End is not null;

    /// <summary>The end; null as long as there is none.</summary>
    public RouteCompleted? End { get; private set; }

    /// <summary>How long the last attempt took to its first event; null where none came.</summary>
    public TimeSpan? FirstToken => End?.Attempts is [.., var last] ? last.TimeToFirstToken : null;

    /// <summary>Whether a provider said that it is asked too much.</summary>
    public bool WasTooMuch { get; private set; }

    /// <summary>Adds an event.</summary>
    public void Add(RoutedEvent item)
    {
        switch (item)
        {
            case ModelOutput output:
                _message.Add(output.Event);
                break;
            case AttemptFailed { Attempt: var attempt }:
                _broken = attempt;
                _failed += attempt.Cost;
                WasTooMuch |= attempt.Fault?.Kind is FaultKind.RateLimited or FaultKind.Overloaded;
                break;
            case RouteCompleted completed:
                End = completed;
                break;
        }
    }

    /// <summary>The sum.</summary>
    /// <param name="error">Why it failed; null when it did not.</param>
    public RouteBatchAnswer ToAnswer(AgentOpsException? error) => new(index, request, _message.Build(), End, error)
    {
        Cost = End?.Cost ?? _failed,
        Broken = End is null ? _broken : null,
        Duration = TimeProvider.System.GetElapsedTime(_started),
    };
}
