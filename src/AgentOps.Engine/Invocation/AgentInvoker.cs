using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using AgentOps.Engine.Agents;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Identity;
using AgentOps.Engine.Serialization;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Permissions;
using AgentOps.Engine.Routing;
using AgentOps.Engine.Sessions;
using AgentOps.Engine.Tools;
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
    private readonly ToolGate _gate;
    private readonly string _onBehalfOf;
    private readonly TimeProvider _time;

    internal AgentInvoker(
        WorkspaceLedger ledger,
        IReadOnlyDictionary<ToolKind, IToolExecutor> executors,
        PolicyCache policies,
        RouterCache routers,
        SecretRedactor redactor,
        IPayloadStore payloads,
        string onBehalfOf,
        TimeProvider time)
    {
        _ledger = ledger;
        _executors = executors;
        _routers = routers;
        _redactor = redactor;
        _payloads = payloads;
        _onBehalfOf = onBehalfOf;
        _time = time;
        _gate = new ToolGate(policies, executors);
    }

    /// <summary>
    /// Invokes an agent. Ending the enumeration early stops the session. The last event carries the result.
    /// </summary>
    /// <exception cref="AgentOpsException"><c>AgentNotFound</c>, <c>AgentSuspended</c>, <c>RouteNotFound</c>; a fault of the provider or the store.</exception>
    public async IAsyncEnumerable<SessionEvent> InvokeAsync(InvocationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var events = Channel.CreateUnbounded<SessionEvent>(new UnboundedChannelOptions { SingleReader = true });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var run = Task.Run(() => RunAsync(request, events.Writer, stop.Token), CancellationToken.None);
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

    private async Task RunAsync(InvocationRequest request, ChannelWriter<SessionEvent> events, CancellationToken cancellationToken)
    {
        string? folder = null;
        try
        {
            var state = await _ledger.RefreshAsync(cancellationToken);
            var agent = AgentDirectory.Require(state, request.Agent).Definition;
            folder = Directory.CreateTempSubdirectory("agentops-").FullName;
            var started = _time.GetUtcNow();
            var scope = new SessionScope
            {
                Id = SessionId.Create(started),
                Agent = agent.Name,
                OnBehalfOf = _onBehalfOf,
                Task = request.Task,
                PlanOnly = request.PlanOnly,
                NoWait = request.NoWait,
                Limits = Tightest(agent.Limits, request),
                Started = started,
                WorkFolder = folder,
            };
            var journal = new SessionJournal(_ledger, scope, events);
            await OpenAsync(scope, journal, request);

            var modelTurn = new ModelTurn(scope, journal, _routers, _payloads, _time);
            var toolTurn = new ToolTurn(scope, journal, _gate, _ledger, _executors, _redactor, _payloads, _time);
            await new SessionRun(scope, journal, modelTurn, toolTurn, _ledger, _payloads, _time).RunAsync(agent.Instructions, request.Prompt, cancellationToken);
            events.Complete();
        }
        catch (Exception fault)
        {
            events.Complete(fault);
        }
        finally
        {
            WorkFolder.Remove(folder);
        }
    }

    private async ValueTask OpenAsync(SessionScope scope, SessionJournal journal, InvocationRequest request)
    {
        var prompt = await _payloads.PutAsync(Encoding.UTF8.GetBytes(request.Prompt), CancellationToken.None);
        using var process = Process.GetCurrentProcess();
        var runner = new JsonObject()
            .With("account", Environment.UserName)
            .With("host", Environment.MachineName)
            .With("processId", Environment.ProcessId)
            .With("processStarted", new DateTimeOffset(process.StartTime.ToUniversalTime()).ToUnixTimeMilliseconds());
        await journal.AppendAsync((state, now, draft) =>
        {
            var agent = AgentDirectory.Require(state, scope.Agent);
            RouteTable.Require(state, agent.Definition.Route);
            if (agent.IsSuspended)
            {
                throw new AgentOpsException(ErrorCodes.AgentSuspended, $"The agent '{scope.Agent}' is suspended.", scope.Agent);
            }

            draft.Add(
                journal.Record(EventTypes.SessionOpened, new JsonObject()
                    .With("agent", scope.Agent)
                    .With("runner", runner)
                    .With("prompt", prompt)
                    .With("planOnly", scope.PlanOnly)
                    .With("limits", scope.Limits.ToJson())),
                journal.Event(SessionEventKind.Opened, now));
            return true;
        });
    }

    private static InvocationLimits Tightest(InvocationLimits limits, InvocationRequest request) => limits with
    {
        MaxCost = request.MaxCost is { } cost && !(limits.MaxCost <= cost) ? cost : limits.MaxCost,
        MaxSteps = Math.Min(limits.MaxSteps, request.MaxSteps ?? int.MaxValue),
        MaxDuration = request.MaxDuration is { } duration && duration < limits.MaxDuration ? duration : limits.MaxDuration,
    };
}
