using System.Management.Automation;
using System.Text;
using AgentOps.Engine.Configuration;
using AgentOps.Hosting;

namespace AgentOps.Commands;

/// <summary>Writes the workspace's agents, tools, providers, routes and permissions as YAML, which imports back to the same workspace.</summary>
[Cmdlet(VerbsData.Export, "AgentOpsConfiguration", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(FileInfo))]
public sealed class ExportAgentOpsConfigurationCommand : FileExportCmdlet
{
    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var path = await ResolveTargetAsync();
        var state = await GetStateAsync(cancellationToken);
        await ExportAsync(path, "Export the configuration", async output =>
        {
            using var text = new StringWriter { NewLine = "\n" };
            ConfigurationWriter.Write(state, text);
            await output.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), cancellationToken);
        });
    }
}
