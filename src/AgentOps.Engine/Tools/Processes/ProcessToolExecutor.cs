using System.ComponentModel;

namespace AgentOps.Engine.Tools.Processes;

/// <summary>Runs Process tools: a native program with an argument vector, never a shell.</summary>
public sealed class ProcessToolExecutor : IToolExecutor
{
    /// <inheritdoc/>
    public ToolKind Kind => ToolKind.Process;

    /// <inheritdoc/>
    public string Isolation => "child process, clean environment, own folder";

    /// <inheritdoc/>
    public async ValueTask<ToolOutcome> ExecuteAsync(ToolInvocation invocation, CancellationToken cancellationToken)
    {
        var settings = ProcessToolSettings.FromJson(invocation.Tool.Settings);
        if (settings.Command.Count == 0)
        {
            return new ToolOutcome(false, $"The tool '{invocation.Tool.Name}' names no program for this operating system.");
        }

        var vector = new List<string>(settings.Command.Count);
        foreach (var element in settings.Command)
        {
            if (ArgumentTemplate.Fill(element, invocation.Arguments, value => value) is { } text)
            {
                vector.Add(text);
            }
        }

        try
        {
            var result = await ChildProcess.RunAsync(
                new ChildProcessStart
                {
                    FileName = vector[0],
                    Arguments = vector[1..],
                    WorkFolder = invocation.WorkFolder,
                    Sandbox = invocation.Sandbox,
                    Isolation = invocation.Tool.Isolation,
                    Writable = invocation.WritablePaths(),
                    Pins = invocation.Pins,
                    Timeout = invocation.Tool.Timeout,
                    MaxOutputBytes = invocation.Tool.MaxOutputBytes,
                },
                cancellationToken);
            return ToOutcome(invocation.Tool, result);
        }
        catch (Win32Exception fault)
        {
            return new ToolOutcome(false, $"The program '{vector[0]}' can't be started: {fault.Message}");
        }
    }

    private static ToolOutcome ToOutcome(ToolDefinition tool, ChildProcessResult result) => result switch
    {
        { IsTimedOut: true } => ToolOutcome.TimedOut(tool.Timeout),
        { ExitCode: 0 } => new ToolOutcome(true, result.Output, result.IsTruncated),
        _ => new ToolOutcome(false, $"Exit code {result.ExitCode}. {(result.Error.Length > 0 ? result.Error : result.Output)}".TrimEnd(), result.IsTruncated),
    };
}
