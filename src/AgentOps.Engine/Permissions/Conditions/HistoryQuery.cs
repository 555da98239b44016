namespace AgentOps.Engine.Permissions;

/// <summary>A question to the history. It is made without allocation; a source asks <see cref="IsMatch"/> for each past call of the agent and tool.</summary>
public readonly struct HistoryQuery
{
    private readonly HistoryCondition? _condition;

    internal HistoryQuery(AuthorizationRequest request, HistoryCondition condition)
    {
        Request = request;
        _condition = condition;
        Tool = condition.Tool;
        Outcome = condition.Outcome;
        Since = request.Now - condition.Within;
        Session = condition.SameSession ? request.Session : null;
        Enough = condition.AtMost is { } most ? Math.Max(most + 1, condition.AtLeast) : condition.AtLeast;
    }

    internal HistoryQuery(AuthorizationRequest request, string tool, string outcome, TimeSpan within)
    {
        Request = request;
        Tool = tool;
        Outcome = outcome;
        Since = request.Now - within;
        Enough = 1;
    }

    /// <summary>The request that is being decided; its agent is the one whose past counts.</summary>
    public AuthorizationRequest Request { get; }

    /// <summary>The tool of the past calls, found without regard to case.</summary>
    public string Tool { get; }

    /// <summary>The outcome of the past calls: <c>ok</c>, <c>error</c>, <c>refused</c>, <c>dryRun</c>; null for all that ran.</summary>
    public string? Outcome { get; }

    /// <summary>Calls before this moment do not count.</summary>
    public DateTimeOffset Since { get; }

    /// <summary>Only calls of this session count; null for all sessions.</summary>
    public string? Session { get; }

    /// <summary>More than so many need not be counted.</summary>
    public int Enough { get; }

    /// <summary>Whether a past call counts, by time, outcome, session and arguments; agent and tool are the source's own index.</summary>
    /// <param name="time">When it ended.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="session">Its session.</param>
    /// <param name="arguments">Its bound arguments; null where they are not known.</param>
    /// <exception cref="InvalidOperationException">Its arguments are not known, and the question is about them.</exception>
    public bool IsMatch(DateTimeOffset time, string outcome, string? session, BoundArguments? arguments)
    {
        // What was refused or only planned never ran: it counts where it is asked for by name.
        var counts = Outcome is null ? outcome is not ("refused" or "dryRun") : string.Equals(Outcome, outcome, StringComparison.Ordinal);
        if (!counts || time < Since || time > Request.Now
            || (Session is not null && !string.Equals(Session, session, StringComparison.Ordinal)))
        {
            return false;
        }

        if (arguments is null)
        {
            return _condition is { Same.Count: 0 } ? true : throw new InvalidOperationException($"The arguments of a past call of '{Tool}' are not known.");
        }

        if (_condition is null)
        {
            return arguments.Equals(Request.Arguments);
        }

        var same = _condition.Same;
        for (var i = 0; i < same.Count; i++)
        {
            if (!arguments.TryGet(same[i].Key, out var past) || !Request.Arguments.TryGet(same[i].Value, out var present) || !past.Equals(present))
            {
                return false;
            }
        }

        return true;
    }
}
