using System.Management.Automation;
using AgentOps.Engine.Errors;

namespace AgentOps.Hosting;

/// <summary>A cmdlet that writes one file: the whole of it, or nothing.</summary>
public abstract class FileExportCmdlet : WorkspaceCmdlet
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

    /// <summary>The full path of the file.</summary>
    /// <exception cref="AgentOpsException"><c>FileExists</c>: it is there, and must not be replaced.</exception>
    private protected async Task<string> ResolveTargetAsync()
    {
        var path = await ResolveLiteralPathAsync(LiteralPath);
        var file = new FileInfo(path);
        return file.Exists && (NoClobber || (file.IsReadOnly && !Force))
            ? throw new AgentOpsException(ErrorCodes.FileExists, $"The file '{path}' is there{(NoClobber ? "" : " and may only be read")}.", path, NoClobber ? null : "Give another file, or -Force.")
            : path;
    }

    /// <summary>Asks, writes the file beside its place, puts it there when it is whole, and gives it; nothing when the answer is no.</summary>
    private protected async Task ExportAsync(string path, string action, Func<Stream, Task> write)
    {
        if (!await ConfirmAsync(path, action))
        {
            return;
        }

        var temporary = path + ".new";
        try
        {
            await using (var output = new FileStream(temporary, FileMode.Create, FileAccess.Write))
            {
                await write(output);
            }

            if (new FileInfo(path) is { Exists: true, IsReadOnly: true } file)
            {
                file.IsReadOnly = false;
            }

            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }

        await WriteFileAsync(path);
    }
}
