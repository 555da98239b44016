using System.Management.Automation;
using AgentOps.Completion;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Workspaces;
using AgentOps.Hosting;
using AgentOps.Output;

namespace AgentOps.Commands;

/// <summary>Lists sessions, the oldest first.</summary>
[Cmdlet(VerbsCommon.Get, "AgentOpsSession")]
[OutputType(typeof(Session), typeof(SessionEvent))]
public sealed class GetAgentOpsSessionCommand : WorkspaceCmdlet
{
    /// <summary>Ids or patterns.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [Alias("Session")]
    [ArgumentCompleter(typeof(SessionIdCompleter))]
    public string[]? Id { get; set; }

    /// <summary>Only sessions of this agent.</summary>
    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(AgentNameCompleter))]
    public string? Agent { get; set; }

    /// <summary>Only sessions that stand so.</summary>
    [Parameter]
    [ValidateSet("Running", "Pending", "Interrupted", "Completed", "Refused", "LimitReached", "Stopped", "Undone", "Failed")]
    public string[]? State { get; set; }

    /// <summary>Tells what happened in each session, line by line.</summary>
    [Parameter]
    public SwitchParameter Explain { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var workspace = await GetWorkspaceAsync(cancellationToken);
        var agent = Agent is null ? null : new WildcardPattern(Agent, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
        var sessions = (await workspace.Sessions.ListAsync(cancellationToken))
            .Where(session => agent?.IsMatch(session.Agent) ?? true)
            .Where(session => State is null || State.Contains(session.Status.ToString(), StringComparer.OrdinalIgnoreCase));
        await ForMatchesAsync(Id, sessions, session => session.Id, session => WriteAsync(workspace, session, cancellationToken),
            id => new AgentOpsException(ErrorCodes.SessionNotFound, $"There is no session '{id}'{(State is null && Agent is null ? "" : " that fits the rest of the command")}.", id));
    }

    private async Task WriteAsync(Workspace workspace, Engine.Sessions.SessionState session, CancellationToken cancellationToken)
    {
        if (!Explain)
        {
            await WriteAsync(Session.From(session));
            return;
        }

        await foreach (var line in workspace.Sessions.TellAsync([session.Id], follow: false, cancellationToken))
        {
            await WriteAsync(SessionEvent.From(line));
        }
    }
}
