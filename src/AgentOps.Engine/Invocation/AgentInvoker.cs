using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using AgentOps.Engine.Agents;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Identity;
using AgentOps.Engine.Serialization;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Notifications;
using AgentOps.Engine.Permissions;
using AgentOps.Engine.Routing;
using AgentOps.Engine.Sessions;
using AgentOps.Engine.Telemetry;
using AgentOps.Engine.Tools;
using AgentOps.Engine.Tools.Isolation;
using AgentOps.Engine.Verification;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Invocation;

/// <summary>Opens sessions and runs them, telling what happens as it happens.</summary>
public sealed class AgentInvoker
{
    private readonly WorkspaceLedger _ledger;
    private readonly IReadOnlyDictionary<ToolKind, IToolExecutor> _executors;
    private readonly RouterCache _routers;
    private readonly SecretRedactor _redactor;
    private readonly IPayloadStore _payloads;
    private readonly ModelGate _models;
    private readonly ToolGate _gate;
    private readonly RequestNotifier _notifier;
    private readonly TokenIssuer _tokens;
    private readonly string _account;
    private readonly string _onBehalfOf;
    private readonly TimeProvider _time;
    private readonly OpenToolSpans _spans = new();

    internal AgentInvoker(
        WorkspaceLedger ledger,
        IReadOnlyDictionary<ToolKind, IToolExecutor> executors,
        HostIsolation isolation,
        PolicyCache policies,
        ModelGate models,
        RouterCache routers,
        SecretRedactor redactor,
        IPayloadStore payloads,
        RequestNotifier notifier,
        TokenIssuer tokens,
        string account,
        string onBehalfOf,
        TimeProvider time)
    {
        _ledger = ledger;
        _executors = executors;
        _routers = routers;
        _redactor = redactor;
        _payloads = payloads;
        _notifier = notifier;
        _tokens = tokens;
        _account = account;
        _onBehalfOf = onBehalfOf;
        _time = time;
        _models = models;
        _gate = new ToolGate(policies, executors, isolation);
    }

    /// <summary>
    /// Invokes an agent, in a session of its own or one that it goes on with. Ending the enumeration early stops the session. The
    /// last event carries the result.
    /// </summary>
    /// <exception cref="AgentOpsException"><c>AgentNotFound</c>, <c>AgentSuspended</c>, <c>RouteNotFound</c>, <c>SessionNotResumable</c>; a fault of the provider or the store.</exception>
    public IAsyncEnumerable<SessionEvent> InvokeAsync(InvocationRequest request, CancellationToken cancellationToken) => StreamAsync(
        (events, folder, token) => request.Session is null ? OpenAsync(request, events, folder, token) : PromptAsync(request, events, folder, token),
        cancellationToken);

    /// <summary>
    /// Goes on with a session that waits, was interrupted or failed, from where the ledger says that it stands, whichever process
    /// or host ran it before. Its events are as those of an invocation.
    /// </summary>
    /// <param name="session">The session's id.</param>
    /// <param name="noWait">Whether to let go of it again when a call needs approval, instead of waiting.</param>
    /// <param name="cancellationToken">Stops the session.</param>
    /// <exception cref="AgentOpsException"><c>SessionNotFound</c>, <c>SessionTaken</c>, <c>SessionNotResumable</c>, <c>SessionInDoubt</c>, <c>AgentSuspended</c>; a fault of the provider or the store.</exception>
    public IAsyncEnumerable<SessionEvent> ResumeAsync(string session, bool noWait, CancellationToken cancellationToken) => StreamAsync(
        async (events, folder, token) =>
        {
            var taken = await new SessionTakeover(_ledger, _payloads, _account, _time).ResumeAsync(session);
            return await ContinueAsync(taken, noWait, events, folder, token);
        },
        cancellationToken);

    /// <summary>
    /// Undoes what a session did, the newest call first: for each the compensation that its tool declares, itself authorized,
    /// recorded and run under the session's identity. What can't be undone is reported, and the rest is still tried.
    /// </summary>
    /// <param name="session">The session's id; nobody may be running it.</param>
    /// <param name="noWait">Whether to leave a compensation that needs approval, instead of waiting for it.</param>
    /// <param name="cancellationToken">Stops the undoing, whatever became of the session's own work.</param>
    /// <returns>One entry for each call that changed something, or may have.</returns>
    /// <exception cref="AgentOpsException"><c>SessionNotFound</c>, <c>SessionTaken</c>, <c>AgentNotFound</c>; a fault of the store.</exception>
    public async Task<IReadOnlyList<UndoneCall>> UndoAsync(string session, bool noWait, CancellationToken cancellationToken)
    {
        var taken = await new SessionTakeover(_ledger, _payloads, _account, _time).UndoAsync(session);
        var folder = WorkFolder.Reserve();
        try
        {
            var scope = SessionScope.Of(taken, new InvocationLimits(), _time.GetUtcNow(), folder) with { NoWait = noWait, IsUndo = true, OutlivesSuspension = true, Undoing = null };
            using var journal = Journal(scope, Channel.CreateUnbounded<SessionEvent>().Writer, taken.Steps);
            var toolTurn = ToolTurn(scope, journal, Evidence(await ReadAsync(taken, isUndo: true, CancellationToken.None)));
            return UndoneCall.Redact(await new SessionUndo(scope, journal, toolTurn, _ledger, _payloads, _time).RunAsync(cancellationToken), _redactor);
        }
        finally
        {
            await EndToolsAsync(session);
            WorkFolder.Remove(folder);
        }
    }

    private async IAsyncEnumerable<SessionEvent> StreamAsync(
        Func<ChannelWriter<SessionEvent>, string, CancellationToken, Task<StartedSession>> start, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var events = Channel.CreateUnbounded<SessionEvent>(new UnboundedChannelOptions { SingleReader = true });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var run = Task.Run(() => RunAsync(start, new RedactedEvents(events.Writer, _redactor), stop.Token), CancellationToken.None);
        try
        {
            await foreach (var item in events.Reader.ReadAllAsync(CancellationToken.None))
            {
                yield return item;
            }
        }
        finally
        {
            await stop.CancelAsync();
            await run;
        }
    }

    private async Task RunAsync(
        Func<ChannelWriter<SessionEvent>, string, CancellationToken, Task<StartedSession>> start, ChannelWriter<SessionEvent> events, CancellationToken cancellationToken)
    {
        string? folder = null;
        string? session = null;
        try
        {
            await _ledger.RefreshAsync(cancellationToken);
            folder = WorkFolder.Reserve();
            var (scope, journal, conversation) = await start(events, folder, cancellationToken);
            using var told = journal;
            session = scope.Id;
            var modelTurn = new ModelTurn(scope, journal, _models, _routers, _redactor, _payloads, _time);
            var seen = Evidence(conversation);
            var toolTurn = ToolTurn(scope, journal, seen);
            var undoing = scope with { IsUndo = true, NoWait = true };
            var undo = new SessionUndo(undoing, journal, ToolTurn(undoing, journal, seen), _ledger, _payloads, _time);
            var instructions = AgentDirectory.Require(_ledger.Seen, scope.Agent).Definition.Instructions;
            var compactor = new Compactor(scope, journal, modelTurn, _ledger, _payloads, _time);
            await new SessionRun(scope, journal, modelTurn, compactor, toolTurn, undo, _ledger, _payloads, _time).RunAsync(instructions, conversation, cancellationToken);
            events.Complete();
        }
        catch (Exception fault)
        {
            events.Complete(fault);
        }
        finally
        {
            await EndToolsAsync(session);
            WorkFolder.Remove(folder);
        }
    }

    private ToolTurn ToolTurn(SessionScope scope, SessionJournal journal, SessionEvidence seen)
    {
        var runner = new ToolRunner(scope, journal, _gate, seen, _ledger, _executors, _redactor, _payloads, _tokens, _time);
        return new ToolTurn(scope, journal, _gate, seen, _ledger, runner, _notifier, _time);
    }

    /// <summary>What the session saw before it was taken up; a call whose arguments no longer fit its tool is no evidence.</summary>
    private SessionEvidence Evidence(Conversation conversation)
    {
        var seen = new SessionEvidence();
        foreach (var output in conversation.Outputs)
        {
            if (CallHistory.Bind(_ledger.Seen.Tools, output.Tool, output.Arguments) is { } arguments)
            {
                seen.Add(output.Tool, arguments, output.Content, output.IsTruncated, output.Time).Place(output.Sequence);
            }
        }

        return seen;
    }

    /// <summary>Ends the processes that executors keep for a session.</summary>
    private async ValueTask EndToolsAsync(string? session)
    {
        foreach (var executor in _executors.Values.OfType<ISessionExecutor>())
        {
            await executor.EndSessionAsync(session ?? string.Empty);
        }
    }

    private async Task<StartedSession> OpenAsync(InvocationRequest request, ChannelWriter<SessionEvent> events, string folder, CancellationToken cancellationToken)
    {
        var agent = AgentDirectory.Require(_ledger.Seen, request.Agent).Definition;
        var started = _time.GetUtcNow();
        var scope = new SessionScope
        {
            Id = SessionId.Create(started),
            Agent = agent.Name,
            OnBehalfOf = request.From?.OnBehalfOf ?? _onBehalfOf,
            Delegators = request.From?.Agents ?? [],
            Lease = 1,
            Task = request.Task,
            PlanOnly = request.PlanOnly,
            OutputSchema = request.OutputSchema,
            NoWait = request.NoWait,
            Limits = Tightest(agent.Limits, request),
            Started = started,
            WorkFolder = folder,
        };
        var journal = Journal(scope, events, steps: 0, request.From);
        var prompt = await _payloads.PutAsync(Encoding.UTF8.GetBytes(_redactor.Redact(request.Prompt)), cancellationToken);
        var domain = DomainOf(request.Prompt);
        var schema = request.OutputSchema is { } output ? await _payloads.PutAsync(Encoding.UTF8.GetBytes(output.Json.ToJsonString()), cancellationToken) : null;
        await journal.AppendAsync((state, now, draft) =>
        {
            var found = AgentDirectory.Require(state, scope.Agent);
            RouteTable.Require(state, found.Definition.Route);
            if (found.IsSuspended)
            {
                throw new AgentOpsException(ErrorCodes.AgentSuspended, $"The agent '{scope.Agent}' is suspended.", scope.Agent);
            }

            draft.Add(
                journal.Record(EventTypes.SessionOpened, new JsonObject()
                    .With("agent", scope.Agent)
                    .With("runner", SessionRunner.ThisProcess(_account))
                    .With("prompt", prompt)
                    .With("domain", domain)
                    .With("outputSchema", schema)
                    .With("delegation", request.From is { } from
                        ? new JsonObject().With("session", from.Session).With("call", from.Call).With("agents", from.Agents).With("dataClass", from.DataClass).With("untrusted", from.IsTainted)
                        : null)
                    .With("planOnly", scope.PlanOnly)
                    .With("limits", scope.Limits.ToJson())),
                journal.Event(SessionEventKind.Opened, now) with { Detail = scope.Describe() });
            return true;
        });
        return new StartedSession(scope, journal, Conversation.Begin(request.Prompt, scope.Limits, scope.PlanOnly, scope.OutputSchema));
    }

    private async Task<StartedSession> PromptAsync(InvocationRequest request, ChannelWriter<SessionEvent> events, string folder, CancellationToken cancellationToken)
    {
        var agent = AgentDirectory.Require(_ledger.Seen, request.Agent).Definition;
        var kept = request with { Prompt = _redactor.Redact(request.Prompt) };
        var taken = await new SessionTakeover(_ledger, _payloads, _account, _time).PromptAsync(kept, DomainOf(request.Prompt), Tightest(agent.Limits, request), _onBehalfOf);
        return await ContinueAsync(taken, request.NoWait, events, folder, cancellationToken);
    }

    private async Task<StartedSession> ContinueAsync(SessionState session, bool noWait, ChannelWriter<SessionEvent> events, string folder, CancellationToken cancellationToken)
    {
        var conversation = await ReadAsync(session, isUndo: session.Undoing is not null, cancellationToken);
        var scope = SessionScope.Of(session, conversation.Limits, _time.GetUtcNow(), folder) with { PlanOnly = conversation.PlanOnly, OutputSchema = conversation.OutputSchema, NoWait = noWait };
        var journal = Journal(scope, events, conversation.Steps);
        journal.Tell(journal.Event(SessionEventKind.Resumed, session.LastActivity) with { Sequence = session.LastSequence, Detail = scope.Describe() });
        return new StartedSession(scope, journal, conversation);
    }

    private SessionJournal Journal(SessionScope scope, ChannelWriter<SessionEvent> events, int steps, DelegatedFrom? from = null) =>
        new(_ledger, scope, events, SessionSignals.Begin(scope, _ledger, _spans, from)) { Step = steps };

    /// <summary>
    /// Reads the conversation of a session that was just taken over; one that can't be read ends it, for nobody can go on with it. One that
    /// is being undone goes on without what was erased: compensations must hold to what it saw, and to nothing where that is gone.
    /// </summary>
    private async Task<Conversation> ReadAsync(SessionState session, bool isUndo, CancellationToken cancellationToken)
    {
        try
        {
            return await Conversation.ReadAsync(_ledger.Store, _payloads, session, cancellationToken);
        }
        catch (AgentOpsException fault) when (isUndo && fault.Code == ErrorCodes.PayloadNotFound)
        {
            return new Conversation();
        }
        catch (AgentOpsException fault)
        {
            await SessionTakeover.EndAsync(_ledger, session, fault.Message);
            throw;
        }
    }

    private string DomainOf(string prompt) => PromptDomains.NameOf(_routers.Classifier.Classify(prompt).Most);

    private static InvocationLimits Tightest(InvocationLimits limits, InvocationRequest request) => limits.Within(request.MaxCost) with
    {
        MaxSteps = Math.Min(limits.MaxSteps, request.MaxSteps ?? int.MaxValue),
        MaxDuration = request.MaxDuration is { } duration && duration < limits.MaxDuration ? duration : limits.MaxDuration,
    };

    private sealed record StartedSession(SessionScope Scope, SessionJournal Journal, Conversation Conversation);
}
