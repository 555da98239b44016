using System.Diagnostics;
using System.Text.Json.Nodes;
using AgentOps.Engine.Approvals;
using AgentOps.Engine.Invocation;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Telemetry;

/// <summary>
/// Spans and metrics of one session, made of the very events that it writes: <c>invoke_agent</c> for the session, below it
/// <c>chat</c> for each model call and <c>execute_tool</c> for each tool call that runs.
/// </summary>
internal sealed class SessionSignals : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Activity> _tools = new(StringComparer.Ordinal);
    private readonly SessionScope _scope;
    private readonly WorkspaceLedger _ledger;
    private readonly OpenToolSpans _open;
    private readonly Activity? _session;
    private Activity? _model;
    private long _modelStarted;

    private SessionSignals(SessionScope scope, WorkspaceLedger ledger, OpenToolSpans open, ActivityContext parent)
    {
        (_scope, _ledger, _open) = (scope, ledger, open);
        _session = Start("invoke_agent", scope.Agent, ActivityKind.Internal, parent);
        _session?.SetTag(SignalNames.Task, scope.Task);
    }

    /// <summary>Begins the session's span; null when nobody listens.</summary>
    public static SessionSignals? Begin(SessionScope scope, WorkspaceLedger ledger, OpenToolSpans open, DelegatedFrom? from)
    {
        if (!Signals.AreWanted)
        {
            return null;
        }

        var above = Activity.Current?.Context ?? default;
        return new SessionSignals(scope, ledger, open, from is null ? above : open.Find(from.Session, from.Call));
    }

    /// <summary>Takes an event as it happens.</summary>
    public void Observe(NewEvent happened)
    {
        lock (_gate)
        {
            switch (happened.Type)
            {
                case EventTypes.ModelRequested:
                    BeginModel(happened.Data);
                    break;
                case EventTypes.ModelCompleted or EventTypes.ModelFailed:
                    EndModel(happened.Data, isWhole: happened.Type == EventTypes.ModelCompleted);
                    break;
                case EventTypes.ToolStarted:
                    Decide("allowed", happened.Data);
                    BeginTool(happened.Data);
                    break;
                case EventTypes.ToolCompleted:
                    EndTool(happened.Data);
                    break;
                case EventTypes.ToolRefused:
                    Decide("refused", happened.Data);
                    break;
                case EventTypes.ToolPlanned:
                    Decide("planned", happened.Data);
                    break;
                case ApprovalEvents.Requested:
                    Approve("requested");
                    break;
                case ApprovalEvents.Consumed:
                    Approve("used");
                    break;
                case EventTypes.SessionEnded or EventTypes.SessionWaiting:
                    EndSession(happened.Data);
                    break;
            }
        }
    }

    /// <summary>Ends what is open; a session that was taken away has no end of its own.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var (call, span) in _tools)
            {
                span.Dispose();
                _open.Remove(_scope.Id, call);
            }

            _model?.Dispose();
            _session?.Dispose();
        }
    }

    private Activity? Start(string operation, string? subject, ActivityKind kind, ActivityContext parent)
    {
        var span = Signals.Source.CreateActivity(subject is null ? operation : $"{operation} {subject}", kind, parent);
        if (span is null)
        {
            return null;
        }

        // Only Start of the activity itself makes it the current one; a span of ours belongs to the session, not to a thread.
        var before = Activity.Current;
        span.Start();
        Activity.Current = before;
        return span
            .SetTag(SignalNames.Operation, operation)
            .SetTag(SignalNames.Conversation, _scope.Id)
            .SetTag(SignalNames.Agent, _scope.Agent);
    }

    private void BeginModel(JsonObject data)
    {
        _modelStarted = Stopwatch.GetTimestamp();
        _model = Start("chat", Text(data, "model"), ActivityKind.Client, _session?.Context ?? default);
        _model?.SetTag(SignalNames.RequestModel, Text(data, "model")).SetTag(SignalNames.Route, Text(data, "route"));
    }

    private void EndModel(JsonObject data, bool isWhole)
    {
        ModelSignals.End(_model, _ledger.Seen, data, isWhole, Stopwatch.GetElapsedTime(_modelStarted), _scope.Agent);
        _model = null;
    }

    private void Decide(string outcome, JsonObject data)
    {
        Signals.Decisions.Add(1, new TagList { { SignalNames.Agent, _scope.Agent }, { SignalNames.Tool, Text(data, "tool") }, { SignalNames.Outcome, outcome } });
        if (outcome != "allowed")
        {
            _session?.AddEvent(new ActivityEvent($"agentops.tool.{outcome}", tags: new ActivityTagsCollection
            {
                [SignalNames.Tool] = Text(data, "tool"),
                [SignalNames.Call] = Text(data, "call"),
                [SignalNames.Rules] = Texts(data, "rules"),
            }));
        }
    }

    private void Approve(string outcome)
    {
        Signals.Approvals.Add(1, new TagList { { SignalNames.Agent, _scope.Agent }, { SignalNames.Outcome, outcome } });
        if (outcome == "requested")
        {
            Signals.Decisions.Add(1, new TagList { { SignalNames.Agent, _scope.Agent }, { SignalNames.Outcome, "pending" } });
        }

        _session?.AddEvent(new ActivityEvent($"agentops.approval.{outcome}"));
    }

    private void BeginTool(JsonObject data)
    {
        if (Text(data, "call") is { } call && Start("execute_tool", Text(data, "tool"), ActivityKind.Internal, _session?.Context ?? default) is { } span)
        {
            span.SetTag(SignalNames.Tool, Text(data, "tool")).SetTag(SignalNames.Call, call).SetTag(SignalNames.Rules, Texts(data, "rules"));
            _tools[call] = span;
            _open.Add(_scope.Id, call, span.Context);
        }
    }

    private void EndTool(JsonObject data)
    {
        if (Text(data, "call") is { } call && _tools.Remove(call, out var span))
        {
            var outcome = Text(data, "outcome");
            span.SetTag(SignalNames.Outcome, outcome);
            if (outcome != "ok")
            {
                span.SetTag(SignalNames.ErrorType, outcome);
                span.SetStatus(ActivityStatusCode.Error);
            }

            span.Dispose();
            _open.Remove(_scope.Id, call);
        }
    }

    private void EndSession(JsonObject data)
    {
        var status = Text(data, "status");
        Signals.Sessions.Add(1, new TagList { { SignalNames.Agent, _scope.Agent }, { SignalNames.Status, status } });
        _session?.SetTag(SignalNames.Status, status).SetStatus(status == "Failed" ? ActivityStatusCode.Error : ActivityStatusCode.Unset);
    }

    private static string? Text(JsonObject data, string name) => (string?)data[name];

    private static string[] Texts(JsonObject data, string name) => data[name] is JsonArray items ? [.. items.Select(item => (string?)item ?? string.Empty)] : [];
}
