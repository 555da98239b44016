using System.Management.Automation;
using System.Text;
using AgentOps.Engine.Configuration;
using AgentOps.Engine.Errors;
using AgentOps.Hosting;

namespace AgentOps.Commands;

/// <summary>Writes the workspace's agents, tools, providers, routes and permissions as YAML, which imports back to the same workspace.</summary>
[Cmdlet(VerbsData.Export, "AgentOpsConfiguration", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(FileInfo))]
public sealed class ExportAgentOpsConfigurationCommand : WorkspaceCmdlet
{
    /// <summary>The file to write.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    [Alias("PSPath")]
    public string LiteralPath { get; set; } = string.Empty;

    /// <summary>Leaves a file that is there as it is.</summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    /// <summary>Replaces a file even where it may only be read.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var path = await ResolveLiteralPathAsync(LiteralPath);
        var file = new FileInfo(path);
        if (file.Exists && (NoClobber || (file.IsReadOnly && !Force)))
        {
            throw new AgentOpsException(ErrorCodes.FileExists, $"The file '{path}' is there{(NoClobber ? "" : " and may only be read")}.", path, NoClobber ? null : "Give another file, or -Force.");
        }

        var state = await GetStateAsync(cancellationToken);
        if (!await ConfirmAsync(path, "Export the configuration"))
        {
            return;
        }

        using var text = new StringWriter { NewLine = "\n" };
        ConfigurationWriter.Write(state, text);
        if (file.Exists && file.IsReadOnly)
        {
            file.IsReadOnly = false;
        }

        var temporary = path + ".new";
        try
        {
            await File.WriteAllTextAsync(temporary, text.ToString(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), cancellationToken);
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }

        await WriteAsync(new FileInfo(path));
    }
}
