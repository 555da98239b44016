using System.Collections;
using System.Management.Automation;
using AgentOps.Completion;
using AgentOps.Engine.Errors;
using AgentOps.Hosting;
using AgentOps.Output;

namespace AgentOps.Commands;

/// <summary>Goes on with sessions that wait, were interrupted or failed, in this process, whichever process ran them before.</summary>
[Cmdlet(VerbsLifecycle.Resume, "AgentOpsSession", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium, DefaultParameterSetName = IdSet)]
[OutputType(typeof(Result), typeof(StreamEvent), typeof(Session))]
public sealed class ResumeAgentOpsSessionCommand : RunningCmdlet
{
    private const string IdSet = "Id";
    private const string DueSet = "Due";

    /// <summary>The ids.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = IdSet)]
    [ValidateNotNullOrEmpty]
    [Alias("Session")]
    [ArgumentCompleter(typeof(SessionIdCompleter))]
    public string[] Id { get; set; } = [];

    /// <summary>What a person found out about calls in doubt: by call, <c>ok</c> when it had its effect, else <c>error</c>.</summary>
    [Parameter(ParameterSetName = IdSet)]
    [ValidateNotNull]
    public Hashtable? Outcome { get; set; }

    /// <summary>How the outcome was found out; recorded in the ledger.</summary>
    [Parameter(ParameterSetName = IdSet)]
    public string? Reason { get; set; }

    /// <summary>Gives the session.</summary>
    [Parameter(ParameterSetName = IdSet)]
    public SwitchParameter PassThru { get; set; }

    /// <summary>All sessions that can go on now.</summary>
    [Parameter(Mandatory = true, ParameterSetName = DueSet)]
    public SwitchParameter Due { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var workspace = await GetWorkspaceAsync(cancellationToken);
        var ids = Due ? (await workspace.Sessions.ListDueAsync(cancellationToken)).Select(session => session.Id).ToArray() : Id;
        await ForEachNameAsync(ids, "Resume the session", async id =>
        {
            if (Outcome is not null)
            {
                await workspace.Sessions.ReconcileAsync(id, Outcomes(), Reason, cancellationToken);
            }

            var session = await workspace.Sessions.GetAsync(id, cancellationToken);
            if (Outcome is null || session.IsResumable)
            {
                await RunAsync(workspace, $"Session {id}", workspace.Invoker.ResumeAsync(id, NoWait, cancellationToken), cancellationToken);
            }

            if (PassThru)
            {
                await WriteAsync(Session.From(await workspace.Sessions.GetAsync(id, cancellationToken)));
            }
        });
    }

    private Dictionary<string, string> Outcomes()
    {
        var outcomes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in Outcome!)
        {
            outcomes[entry.Key as string ?? string.Empty] = entry.Value as string
                ?? throw new AgentOpsException(ErrorCodes.ValueNotUnderstood, $"The outcome of the call '{entry.Key}' is no text; say 'ok' or 'error'.", entry.Key);
        }

        return outcomes;
    }
}
