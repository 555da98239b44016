using System.Management.Automation;
using AgentOps.Completion;
using AgentOps.Hosting;
using AgentOps.Output;

namespace AgentOps.Commands;

/// <summary>Shows with one small call whether a provider can be reached, takes the credential, and answers.</summary>
[Cmdlet(VerbsDiagnostic.Test, "AgentOpsProvider")]
[OutputType(typeof(ProviderTest))]
public sealed class TestAgentOpsProviderCommand : WorkspaceCmdlet
{
    /// <summary>The providers.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ProviderNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>The model to call.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string? Model { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var workspace = await GetWorkspaceAsync(cancellationToken);
        foreach (var name in Name)
        {
            await ForItemAsync(name, async () => await WriteAsync(ProviderTest.From(await workspace.Probe.TestAsync(name, Model, cancellationToken))));
        }
    }
}
