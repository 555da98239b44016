using System.Management.Automation;
using AgentOps.Completion;
using AgentOps.Engine.Errors;
using AgentOps.Hosting;
using AgentOps.Output;

namespace AgentOps.Commands;

/// <summary>Lists sessions, the oldest first.</summary>
[Cmdlet(VerbsCommon.Get, "AgentOpsSession")]
[OutputType(typeof(Session))]
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
    [ValidateSet("Running", "Pending", "Interrupted", "Completed", "Refused", "LimitReached", "Stopped", "Failed")]
    public string[]? State { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var workspace = await GetWorkspaceAsync(cancellationToken);
        var agent = Agent is null ? null : new WildcardPattern(Agent, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
        var sessions = (await workspace.Sessions.ListAsync(cancellationToken))
            .Where(session => agent?.IsMatch(session.Agent) ?? true)
            .Where(session => State is null || State.Contains(session.Status.ToString(), StringComparer.OrdinalIgnoreCase));
        await WriteMatchesAsync(Id, sessions, session => session.Id, Session.From,
            id => new AgentOpsException(ErrorCodes.SessionNotFound, $"There is no session '{id}' of that kind.", id));
    }
}
