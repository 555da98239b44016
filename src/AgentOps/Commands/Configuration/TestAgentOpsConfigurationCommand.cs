using System.Management.Automation;
using AgentOps.Engine.Configuration;
using AgentOps.Engine.Errors;
using AgentOps.Hosting;

namespace AgentOps.Commands;

/// <summary>Tells whether YAML configuration could be imported; changes nothing.</summary>
[Cmdlet(VerbsDiagnostic.Test, "AgentOpsConfiguration")]
[OutputType(typeof(bool))]
public sealed class TestAgentOpsConfigurationCommand : WorkspaceCmdlet
{
    /// <summary>A YAML file, or a folder of them.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Alias("PSPath")]
    public string[] LiteralPath { get; set; } = [];

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var workspace = await GetWorkspaceAsync(cancellationToken);
        foreach (var path in LiteralPath)
        {
            bool isGood;
            try
            {
                var configuration = await ConfigurationSet.ReadAsync(await ResolveLiteralPathAsync(path), cancellationToken);
                await workspace.Configuration.PlanAsync(configuration, cancellationToken);
                isGood = true;
            }
            catch (AgentOpsException fault)
            {
                await WriteWarningAsync(fault.Message);
                isGood = false;
            }

            await WriteAsync(isGood);
        }
    }
}
