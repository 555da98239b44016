using AgentOps.Engine.Errors;
using AgentOps.Engine.Invocation;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Routing;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Cli.Serving;

/// <summary>A route of a workspace, for callers who are its agents and for those who are nobody in particular.</summary>
/// <param name="workspace">The workspace.</param>
/// <param name="route">The route's name.</param>
/// <param name="agentsOnly">Whether only agents are let in.</param>
internal sealed class ServedRoute(Workspace workspace, string route, bool agentsOnly = false)
{
    /// <summary>The route's name.</summary>
    public string Name => route;

    /// <summary>Whether only agents are let in.</summary>
    public bool AgentsOnly => agentsOnly;

    /// <summary>Lets an agent in by its token, or says why not.</summary>
    public async ValueTask<(ServedCaller? Caller, ProviderFault? Refusal)> AdmitAsync(string token, CancellationToken ct)
    {
        try
        {
            return await workspace.Served.AdmitAsync(token, route, ct);
        }
        catch (AgentOpsException fault)
        {
            // A store that can't be asked lets nobody in.
            return (null, new ProviderFault(FaultKind.ServerError, "agentops", fault.Message));
        }
    }

    /// <summary>Answers a call, under the caller's session where it has one.</summary>
    public IAsyncEnumerable<RoutedEvent> StreamAsync(ModelRequest request, ServedCaller? caller, CancellationToken ct) =>
        caller is null ? workspace.Prompts.StreamAsync(route, request, ct) : workspace.Served.StreamAsync(caller, route, request, ct);
}
