namespace AgentOps.Engine.Routing;

/// <summary>
/// What a routed call yields: <see cref="RouteChosen"/> once, then for each attempt <see cref="AttemptStarted"/> and either
/// its events as <see cref="ModelOutput"/> or <see cref="AttemptFailed"/>, and <see cref="RouteCompleted"/> at the end.
/// </summary>
public abstract record RoutedEvent
{
    private protected RoutedEvent()
    {
    }
}
