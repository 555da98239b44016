using AgentOps.Engine.Permissions;
using AgentOps.Engine.Sessions;
using AgentOps.Engine.Tools;
using AgentOps.Engine.Tools.Isolation;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Invocation;

/// <summary>
/// What the authorizer is asked about something that a session would do. It is made here and nowhere else, so that a test of
/// permissions asks the very question that an invocation asks.
/// </summary>
/// <param name="state">The state in which it is decided.</param>
/// <param name="session">The session.</param>
/// <param name="isolation">What this host gives to tools.</param>
/// <param name="isPlan">Whether the call is itself a dry run.</param>
/// <param name="now">The moment, by the ledger's clock.</param>
internal sealed class CallQuestion(WorkspaceState state, SessionState session, HostIsolation isolation, bool isPlan, DateTimeOffset now)
{
    /// <summary>About a resource by itself: a host, data, another agent, a route with nothing spent on it.</summary>
    public AuthorizationRequest About(string resource) => new()
    {
        Agent = session.Agent,
        Delegators = session.Delegators,
        OnBehalfOf = session.OnBehalfOf,
        Resource = resource,
        ConfiguredRoute = state.Agents.GetValueOrDefault(session.Agent)?.Definition.Route,
        Session = session.Id,
        Facts = new SessionFacts(session, null, isolation, now),
        History = new HistorySource(state.Calls, isPlan),
        Limits = state.Limits,
        Now = now,
    };

    /// <summary>About a model call down a route, which can cost so much at most.</summary>
    public AuthorizationRequest AboutRoute(string route, decimal cost) => About("route:" + route) with { EstimatedCost = cost };

    /// <summary>About a call of a tool with all that it touches; null, with the reason, where that can't be told.</summary>
    public AuthorizationRequest? AboutTool(ToolDefinition tool, BoundArguments arguments, PathPins paths, out string refusal)
    {
        if (TouchedData.Of(tool, paths, out refusal) is not { } data)
        {
            return null;
        }

        return About(tool.Resource) with
        {
            SchemaDigest = tool.Digest,
            CompensationTool = tool.Compensation,
            Arguments = arguments,
            Touches = tool.Kind == ToolKind.Agent ? ["agent:" + Delegation.Agent(tool), .. data] : data,
            Facts = new SessionFacts(session, tool, isolation, now),
        };
    }
}
