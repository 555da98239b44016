using System.Management.Automation;
using AgentOps.Completion;
using AgentOps.Hosting;
using AgentOps.Output;

namespace AgentOps.Commands;

/// <summary>Gives agents new keys to prove who they are; the old ones sign nothing more.</summary>
[Cmdlet(VerbsData.Update, "AgentOpsIdentity", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(AgentIdentity))]
public sealed class UpdateAgentOpsIdentityCommand : WorkspaceCmdlet
{
    /// <summary>The agents.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Alias("Name")]
    [ArgumentCompleter(typeof(AgentNameCompleter))]
    public string[] Agent { get; set; } = [];

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var workspace = await GetWorkspaceAsync(cancellationToken);
        await ForEachNameAsync(Agent, "Replace the agent's key", async name =>
        {
            var key = await workspace.Identities.RotateAsync(name, cancellationToken);
            await WriteAsync(new AgentIdentity { Agent = name, KeyId = key.Id, Created = key.Added });
        });
    }
}
