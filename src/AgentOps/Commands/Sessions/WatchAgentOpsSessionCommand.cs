using System.Management.Automation;
using AgentOps.Completion;
using AgentOps.Hosting;
using AgentOps.Output;

namespace AgentOps.Commands;

/// <summary>Tells what happens in sessions as it happens, whichever process runs them, until they have ended.</summary>
[Cmdlet(VerbsCommon.Watch, "AgentOpsSession")]
[OutputType(typeof(SessionEvent))]
public sealed class WatchAgentOpsSessionCommand : WorkspaceCmdlet
{
    private readonly List<string> _ids = [];

    /// <summary>The ids.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Alias("Session")]
    [ArgumentCompleter(typeof(SessionIdCompleter))]
    public string[] Id { get; set; } = [];

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var workspace = await GetWorkspaceAsync(cancellationToken);
        foreach (var id in Id)
        {
            await ForItemAsync(id, async () => _ids.Add((await workspace.Sessions.GetAsync(id, cancellationToken)).Id));
        }
    }

    private protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        if (_ids.Count == 0)
        {
            return;
        }

        var workspace = await GetWorkspaceAsync(cancellationToken);
        await foreach (var line in workspace.Sessions.TellAsync(_ids.Distinct().ToArray(), follow: true, cancellationToken))
        {
            await WriteAsync(SessionEvent.From(line));
        }
    }
}
