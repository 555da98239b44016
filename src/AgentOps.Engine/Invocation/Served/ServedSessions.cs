using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using AgentOps.Engine.Agents;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Identity;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Permissions;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Routing;
using AgentOps.Engine.Serialization;
using AgentOps.Engine.Sessions;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Invocation;

/// <summary>
/// Sessions of clients that call a served route as an agent: any program that knows a vendor's protocol, with a token in the place of its key.
/// A token names one session, one route and this workspace; what the session may still do is asked at each call.
/// </summary>
public sealed class ServedSessions
{
    private const string RoutePrefix = "route:";

    // No call lasts longer, so that what is set aside for one whose server died is not set aside for good.
    private static readonly TimeSpan LongestCall = TimeSpan.FromHours(1);

    // Beyond the call's end: for its outcome to be recorded.
    private static readonly TimeSpan ReservationGrace = TimeSpan.FromMinutes(1);

    // No token lasts as long.
    private static readonly TimeSpan Unbounded = TimeSpan.FromDays(1);

    private readonly WorkspaceLedger _ledger;
    private readonly IdentityDirectory _identities;
    private readonly PermissionBook _permissions;
    private readonly RouteInvoker _prompts;
    private readonly ModelGate _gate;
    private readonly SecretRedactor _redactor;
    private readonly string _account;
    private readonly string _onBehalfOf;
    private readonly TimeProvider _time;
    private readonly LostCalls _lost = new(SessionRunner.OfThisProcess());

    internal ServedSessions(
        WorkspaceLedger ledger,
        IdentityDirectory identities,
        PermissionBook permissions,
        RouteInvoker prompts,
        ModelGate gate,
        SecretRedactor redactor,
        string account,
        string onBehalfOf,
        TimeProvider time)
    {
        _ledger = ledger;
        _identities = identities;
        _permissions = permissions;
        _prompts = prompts;
        _gate = gate;
        _redactor = redactor;
        _account = account;
        _onBehalfOf = onBehalfOf;
        _time = time;
    }

    /// <summary>Opens a session in which a client acts as an agent, and makes its first token.</summary>
    /// <param name="agent">The agent.</param>
    /// <param name="route">The route that may be called; null: the agent's own.</param>
    /// <param name="task">What the work is booked under; null: what each call says.</param>
    /// <param name="maxCost">The most that the session may spend, in USD; null: the agent's own bound.</param>
    /// <param name="cancellationToken">Stops waiting for the store.</param>
    /// <exception cref="AgentOpsException"><c>AgentNotFound</c>, <c>AgentSuspended</c>, <c>RouteNotFound</c>, <c>PermissionDenied</c>, <c>LimitInvalid</c>, <c>AgentKeyUnusable</c>; a fault of the store.</exception>
    public async Task<ServedToken> OpenAsync(string agent, string? route, string? task, decimal? maxCost, CancellationToken cancellationToken)
    {
        if (maxCost < 0)
        {
            throw new AgentOpsException(ErrorCodes.LimitInvalid, "A session can't spend less than nothing.", agent);
        }

        var state = await _ledger.RefreshAsync(cancellationToken);
        var definition = Require(state, agent, _onBehalfOf, ref route);
        var signer = await _identities.SignerAsync(definition.Name, cancellationToken);
        var limits = definition.Limits.Within(maxCost);
        var now = _time.GetUtcNow();
        var session = SessionId.Create(now);
        var id = NewId();
        await _ledger.TransactAsync(
            (current, transaction) =>
            {
                Require(current, agent, _onBehalfOf, ref route);
                transaction.Add(Record(EventTypes.SessionOpened, new JsonObject()
                    .With("agent", definition.Name)
                    .With("runner", SessionRunner.ThisProcess(_account))
                    .With("served", true)
                    .With("limits", limits.ToJson())));
                transaction.Add(Record(EventTypes.SessionTokenIssued, Issued(id, route!, Earlier(now + IdentityToken.Lifetime, now + limits.MaxDuration))));
                return true;
            },
            cancellationToken);
        return Sign(_ledger.Seen.Sessions[session], route!, id, now, signer);

        NewEvent Record(string type, JsonObject data) =>
            new(type, EventTypes.Version, data) { Session = session, Task = task, Agent = definition.Name, OnBehalfOf = _onBehalfOf };
    }

    /// <summary>Makes a token for a session that runs: another one for a client, or one for a program that a session's runner started.</summary>
    /// <param name="session">The session.</param>
    /// <param name="route">The route that may be called; null: the agent's own.</param>
    /// <param name="cancellationToken">Stops waiting for the store.</param>
    /// <exception cref="AgentOpsException"><c>SessionNotFound</c>, <c>SessionNotRunning</c>, <c>AgentSuspended</c>, <c>RouteNotFound</c>, <c>PermissionDenied</c>, <c>AgentKeyUnusable</c>; a fault of the store.</exception>
    public async Task<ServedToken> RenewAsync(string session, string? route, CancellationToken cancellationToken)
    {
        var state = await _ledger.RefreshAsync(cancellationToken);
        var found = SessionDirectory.Require(state, session);
        var agent = Require(state, found.Agent, found.OnBehalfOf, ref route).Name;
        var signer = await _identities.SignerAsync(agent, cancellationToken);
        var now = _time.GetUtcNow();
        var id = NewId();
        var open = await _ledger.TransactAsync(
            (current, transaction) =>
            {
                Require(current, agent, found.OnBehalfOf, ref route);
                var scope = ScopeOf(current, current.Sessions[found.Id]);
                if (Refusal(current, scope, _time.GetUtcNow()) is { } refusal)
                {
                    throw new AgentOpsException(ErrorCodes.SessionNotRunning, $"There is no token for a session that does not run. {refusal}", session,
                        "A token is of use in a session that runs; open another one with New-AgentOpsToken -Agent.");
                }

                transaction.Add(scope.Record(EventTypes.SessionTokenIssued, Issued(id, route!, Earlier(now + IdentityToken.Lifetime, now + Left(found, now)))));
                return current.Sessions[found.Id];
            },
            cancellationToken);
        return Sign(open, route!, id, now, signer);
    }

    /// <summary>Whether a credential looks like a token rather than like a key.</summary>
    public static bool IsToken(string credential) => IdentityTokenReader.IsToken(credential);

    /// <summary>Lets a client in by its token.</summary>
    /// <param name="token">What it sent.</param>
    /// <param name="route">The route that it calls.</param>
    /// <param name="cancellationToken">Stops waiting for the store.</param>
    /// <returns>Who calls; or why nobody is let in: <see cref="FaultKind.Authentication"/> where the token proves nothing,
    /// <see cref="FaultKind.Forbidden"/> where its agent or session may not.</returns>
    /// <exception cref="AgentOpsException">A fault of the store.</exception>
    public async ValueTask<(ServedCaller? Caller, ProviderFault? Refusal)> AdmitAsync(string token, string route, CancellationToken cancellationToken)
    {
        var state = await _ledger.RefreshAsync(cancellationToken);
        var now = _time.GetUtcNow();
        var (read, fault) = IdentityTokenReader.Read(token, state, Origin, Origin, now);
        if (read is null)
        {
            return Denied(FaultKind.Authentication, $"The token is not accepted. {fault} New-AgentOpsToken makes another.");
        }

        if (!state.Sessions.TryGetValue(read.Session, out var session)
            || session.Agent != read.Agent || session.OnBehalfOf != read.OnBehalfOf || !session.Delegators.SequenceEqual(read.Delegators, StringComparer.Ordinal))
        {
            return Denied(FaultKind.Authentication, "The token is not accepted. Its session is not one of its agent.");
        }

        return !read.Scope.Contains(RoutePrefix + route, StringComparer.OrdinalIgnoreCase) ? Denied(FaultKind.Forbidden, $"The token is not for the route '{route}'.")
            : Refusal(state, ScopeOf(state, session), now) is { } refusal ? Denied(FaultKind.Forbidden, refusal)
            : (new ServedCaller(session.Id, session.Agent, read.Id), null);
    }

    /// <summary>
    /// Answers a call of a client that was let in, as <see cref="RouteInvoker.StreamAsync(string, ModelRequest, CancellationToken)"/> does, under its
    /// session: the rules of every agent of the chain, their bounds and budgets, the session's data class. It ends within a second of a stop or a suspension.
    /// </summary>
    /// <param name="caller">Who calls.</param>
    /// <param name="route">The route.</param>
    /// <param name="request">The request; its session is the client's own word for what belongs together.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="AgentOpsException">As of the other; <c>PermissionDenied</c> with a fault of the kind <see cref="FaultKind.Forbidden"/> within.</exception>
    public async IAsyncEnumerable<RoutedEvent> StreamAsync(
        ServedCaller caller, string route, ModelRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var session = SessionDirectory.Require(_ledger.Seen, caller.Session);
        var scope = ScopeOf(_ledger.Seen, session);
        var left = Left(session, _time.GetUtcNow());
        var longest = left < LongestCall ? left : LongestCall;
        using var over = new CancellationTokenSource(longest, _time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, over.Token);
        await using var watcher = StopWatcher.Start(_ledger, scope, stop, _time, isRunner: false);
        await using var events = _prompts.StreamAsync(route, request, new ServedAccount(_ledger, _gate, scope, _lost, longest + ReservationGrace), stop.Token).GetAsyncEnumerator(CancellationToken.None);
        while (await NextAsync() is { } item)
        {
            yield return item;
        }

        async ValueTask<RoutedEvent?> NextAsync()
        {
            try
            {
                return !await events.MoveNextAsync() ? null
                    : events.Current is RouteCompleted { Completion.Reason: StopReason.Cancelled } && IsStopped() ? throw Stopped()
                    : events.Current;
            }
            catch (AgentOpsException fault) when (fault.Code == ErrorCodes.OperationStopped && IsStopped())
            {
                throw Stopped();
            }
        }

        bool IsStopped() => stop.IsCancellationRequested && !cancellationToken.IsCancellationRequested;

        AgentOpsException Stopped() => RouteFailure.Forbidden(route, Refusal(_ledger.Seen, scope, _time.GetUtcNow())
            ?? (over.IsCancellationRequested ? "The call took longer than an hour." : "The session was stopped."));
    }

    /// <summary>
    /// Settles calls whose server ended before it could: what they had set aside counts as spent. A server does so when it starts; so does
    /// every call.
    /// </summary>
    /// <param name="cancellationToken">Stops waiting for the store.</param>
    /// <returns>How many records that took.</returns>
    /// <exception cref="AgentOpsException">A fault of the store.</exception>
    public async ValueTask<int> SettleLostAsync(CancellationToken cancellationToken)
    {
        var state = await _ledger.RefreshAsync(cancellationToken);
        return state.ServedCalls.IsEmpty ? 0 : await _ledger.TransactAsync(
            (current, transaction) =>
            {
                NewEvent[] settled = [.. _lost.Settle(current, transaction.Now)];
                Array.ForEach(settled, transaction.Add);
                return settled.Length;
            },
            cancellationToken);
    }

    /// <summary>Why a session may call no model now; null when it may.</summary>
    internal static string? Refusal(WorkspaceState state, SessionScope scope, DateTimeOffset now)
    {
        var session = SessionLease.Judge(SessionDirectory.Require(state, scope.Id), now);
        return StopWatcher.Reason(state, scope)
            ?? (session.Status == SessionStatus.Running ? null : $"The session '{scope.Id}' does not run: {session.Reason ?? session.Status.ToString()}");
    }

    private string Origin => _ledger.Store.GetCheckpoint().Origin;

    private static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    private static (ServedCaller?, ProviderFault?) Denied(FaultKind kind, string why) => (null, new ProviderFault(kind, "agentops", why));

    private static JsonObject Issued(string id, string route, DateTimeOffset expires) => new JsonObject()
        .With("token", id)
        .With("route", route)
        .With("expires", expires.ToUnixTimeMilliseconds());

    private static DateTimeOffset Earlier(DateTimeOffset left, DateTimeOffset right) => left < right ? left : right;

    /// <summary>How long a session has left.</summary>
    private static TimeSpan Left(SessionState session, DateTimeOffset now)
    {
        var left = session.Served is { } limits ? session.Started + limits.MaxDuration - now : Unbounded;
        return left < TimeSpan.Zero ? TimeSpan.Zero : left > Unbounded ? Unbounded : left;
    }

    private SessionScope ScopeOf(WorkspaceState state, SessionState session) =>
        SessionScope.Of(session, session.Served ?? state.Agents.GetValueOrDefault(session.Agent)?.Definition.Limits ?? new InvocationLimits(), _time.GetUtcNow());

    /// <summary>The agent, with the route's name, where it may act and use the route.</summary>
    private AgentDefinition Require(WorkspaceState state, string name, string person, ref string? route)
    {
        var agent = AgentDirectory.Require(state, name);
        if (agent.IsSuspended)
        {
            throw new AgentOpsException(ErrorCodes.AgentSuspended, $"The agent '{agent.Definition.Name}' is suspended.", agent.Definition.Name);
        }

        route = RouteTable.Require(state, route ?? agent.Definition.Route).Name;
        var decision = _permissions.TestRoute(state, agent.Definition.Name, route, person, _time.GetUtcNow());
        return decision.IsAllowed
            ? agent.Definition
            : throw new AgentOpsException(ErrorCodes.PermissionDenied, $"The agent '{agent.Definition.Name}' may not use the route '{route}'. {decision.Reason}", route);
    }

    private ServedToken Sign(SessionState session, string route, string id, DateTimeOffset now, AgentSigner signer)
    {
        var token = new IdentityToken
        {
            Issuer = Origin,
            Agent = session.Agent,
            Delegators = session.Delegators,
            OnBehalfOf = session.OnBehalfOf,
            Audience = Origin,
            Scope = [RoutePrefix + route],
            Session = session.Id,
            Id = id,
            IssuedAt = now,
        };
        var text = token.Sign(signer);
        _redactor.Learn(text);
        return new ServedToken(text, id, session.Agent, session.Id, session.OnBehalfOf, route, Earlier(token.Expires, now + Left(session, now)));
    }
}
