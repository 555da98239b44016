using System.ComponentModel;
using System.Text;
using System.Text.Json.Nodes;
using AgentOps.Engine.Tools;
using AgentOps.Engine.Tools.Processes;

namespace AgentOps.Hosting;

/// <summary>
/// Runs a PowerShell script in a child process with a clean environment and a folder of its own. Script and arguments go in
/// through standard input, so that neither shows in the process list.
/// </summary>
internal sealed class ScriptToolExecutor : IToolExecutor
{
    private const string Bootstrap = """
        $ErrorActionPreference = 'Stop'
        $ProgressPreference = 'SilentlyContinue'
        try {
            $call = [Console]::In.ReadToEnd() | ConvertFrom-Json -AsHashtable
            $arguments = $call.arguments
            $output = & ([scriptblock]::Create($call.script)) @arguments
            if ($null -ne $output) { ConvertTo-Json -InputObject $output -Depth 4 -Compress -EnumsAsStrings -WarningAction Ignore }
            exit 0
        }
        catch {
            [Console]::Error.WriteLine($_.Exception.Message)
            exit 1
        }
        """;

    private static readonly string Encoded = Convert.ToBase64String(Encoding.Unicode.GetBytes(Bootstrap));

    /// <inheritdoc/>
    public ToolKind Kind => ToolKind.Script;

    /// <inheritdoc/>
    public string Isolation => "child pwsh, clean environment, own folder";

    /// <inheritdoc/>
    public async ValueTask<ToolOutcome> ExecuteAsync(ToolInvocation invocation, CancellationToken cancellationToken)
    {
        var input = new JsonObject
        {
            ["script"] = invocation.Tool.Settings.TryGetProperty("text", out var text) ? text.GetString() : string.Empty,
            ["arguments"] = invocation.Arguments.ToJson(),
        };
        try
        {
            var result = await ChildProcess.RunAsync(
                new ChildProcessStart
                {
                    FileName = PowerShellProgram(),
                    Arguments = ["-NoLogo", "-NoProfile", "-NonInteractive", "-EncodedCommand", Encoded],
                    WorkFolder = invocation.WorkFolder,
                    StandardInput = input.ToJsonString(),
                    Sandbox = invocation.Sandbox,
                    Isolation = invocation.Tool.Isolation,
                    Writable = invocation.WritablePaths(),
                    Pins = invocation.Pins,
                    Timeout = invocation.Tool.Timeout,
                    MaxOutputBytes = invocation.Tool.MaxOutputBytes,
                },
                cancellationToken);
            return result switch
            {
                { IsTimedOut: true } => ToolOutcome.TimedOut(invocation.Tool.Timeout),
                { ExitCode: 0 } => new ToolOutcome(true, result.Output.TrimEnd(), result.IsTruncated),
                _ => new ToolOutcome(false, (result.Error.Length > 0 ? result.Error : result.Output).TrimEnd(), result.IsTruncated),
            };
        }
        catch (Win32Exception fault)
        {
            return new ToolOutcome(false, $"PowerShell can't be started: {fault.Message}");
        }
    }

    private static string PowerShellProgram()
    {
        var own = Environment.ProcessPath;
        return Path.GetFileNameWithoutExtension(own) == "pwsh" ? own! : "pwsh";
    }
}
