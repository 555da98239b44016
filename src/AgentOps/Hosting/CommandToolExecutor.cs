using System.Management.Automation;
using AgentOps.Engine.Permissions;
using AgentOps.Engine.Tools;

namespace AgentOps.Hosting;

/// <summary>
/// Runs a PowerShell command in a runspace of its own where nothing else can be called: no language, no other command, no
/// script, no program. A command that does not yield to a stop is left behind with its runspace, which is never used again.
/// </summary>
internal sealed class CommandToolExecutor : IToolExecutor
{
    private static readonly TimeSpan StopTime = TimeSpan.FromMilliseconds(500);

    private static readonly HashSet<string> Outside = new(StringComparer.OrdinalIgnoreCase) { "Invoke-WebRequest", "Invoke-RestMethod" };

    /// <inheritdoc/>
    public ToolKind Kind => ToolKind.Command;

    /// <inheritdoc/>
    public string Isolation => "runspace with this one command, no language";

    /// <inheritdoc/>
    public async ValueTask<ToolOutcome> ExecuteAsync(ToolInvocation invocation, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var tool = CommandTool.From(invocation.Tool);
        var runspace = await Task.Run(() => ConstrainedRunspace.Open(tool, invocation.WorkFolder), cancellationToken);
        var shell = PowerShell.Create();
        var isLeftBehind = false;
        try
        {
            shell.Runspace = runspace;
            shell.AddCommand(tool.Name);
            AddArguments(shell, invocation.Arguments);
            var output = new PSDataCollection<PSObject>();
            var running = Task.Factory.FromAsync(shell.BeginInvoke<PSObject, PSObject>(null, output), shell.EndInvoke);
            var end = await WaitAsync(shell, running, invocation.Tool.Timeout, cancellationToken);
            isLeftBehind = !running.IsCompleted;
            cancellationToken.ThrowIfCancellationRequested();
            if (!end)
            {
                return ToolOutcome.TimedOut(invocation.Tool.Timeout);
            }

            return Outcome(invocation.Tool, tool, shell, output, running);
        }
        finally
        {
            if (!isLeftBehind)
            {
                shell.Dispose();
                runspace.Dispose();
            }
        }
    }

    private static void AddArguments(PowerShell shell, BoundArguments arguments)
    {
        var names = arguments.Names;
        for (var i = 0; i < names.Length; i++)
        {
            shell.AddParameter(names[i], ToObject(arguments.Values[i]));
        }
    }

    private static object? ToObject(ArgumentValue value) => value.Kind switch
    {
        ArgumentValueKind.String => value.AsString(),
        ArgumentValueKind.Integer => value.AsInteger(),
        ArgumentValueKind.Decimal => value.AsDecimal(),
        ArgumentValueKind.Boolean => value.AsBoolean(),
        ArgumentValueKind.Date => value.AsDate()?.UtcDateTime,
        ArgumentValueKind.Array => value.AsArray().ToArray().Select(ToObject).ToArray(),
        _ => null,
    };

    /// <summary>Waits for the end, the time-out or the stop; false when it did not come to its own end.</summary>
    private static async Task<bool> WaitAsync(PowerShell shell, Task running, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        waiting.CancelAfter(timeout);
        try
        {
            await running.WaitAsync(waiting.Token);
            return true;
        }
        catch (OperationCanceledException) when (waiting.IsCancellationRequested)
        {
            var stopping = Task.Factory.FromAsync(shell.BeginStop(null, null), shell.EndStop);
            await Task.WhenAny(stopping, Task.Delay(StopTime, CancellationToken.None));
            _ = running.ContinueWith(static task => _ = task.Exception, TaskScheduler.Default);
            _ = stopping.ContinueWith(static task => _ = task.Exception, TaskScheduler.Default);
            return false;
        }
        catch (RuntimeException)
        {
            // The command's own failure is its outcome.
            return true;
        }
    }

    private static ToolOutcome Outcome(ToolDefinition definition, CommandTool tool, PowerShell shell, PSDataCollection<PSObject> output, Task running)
    {
        var isUntrusted = Outside.Contains(tool.Name);
        var failures = shell.Streams.Error.Select(error => error.ToString()).ToList();
        if (running.Exception?.InnerException is { } failure)
        {
            failures.Add(failure.Message);
        }

        if (failures.Count > 0 && output.Count == 0)
        {
            return new ToolOutcome(false, string.Join('\n', failures), IsUntrusted: isUntrusted);
        }

        var (json, isTruncated) = OutputJson.Write(output, shell.Runspace, definition.MaxOutputBytes);
        return failures.Count == 0
            ? new ToolOutcome(true, json, isTruncated, IsUntrusted: isUntrusted)
            : new ToolOutcome(false, $"{string.Join('\n', failures)}\n{json}", isTruncated, IsUntrusted: isUntrusted);
    }
}
