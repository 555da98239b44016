using System.CommandLine;
using System.Reflection;
using System.Text;
using AgentOps.Engine.Errors;
using AgentOps.Protocol;
using AgentOps.Simulation;

namespace AgentOps.Cli.Hosting;

/// <summary>Runs a command's body with its output, its cancellation and its errors in order.</summary>
internal static class CommandHost
{
    /// <summary>The helper's own version.</summary>
    public static string Version { get; } =
        typeof(CommandHost).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    /// <summary>Runs a body.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="options">The options of hosting.</param>
    /// <param name="body">The command's work; gives the exit code.</param>
    /// <param name="cancellationToken">Ctrl+C.</param>
    public static int Run(ParseResult parsed, HostingOptions options, Func<CommandContext, CancellationToken, int> body, CancellationToken cancellationToken) =>
        RunAsync(parsed, options, (context, token) => Task.FromResult(body(context, token)), cancellationToken).GetAwaiter().GetResult();

    /// <summary>The same for a body that waits.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="options">The options that all commands share.</param>
    /// <param name="body">The command itself; gives the exit code.</param>
    /// <param name="cancellationToken">Ctrl+C.</param>
    public static async Task<int> RunAsync(ParseResult parsed, HostingOptions options, Func<CommandContext, CancellationToken, Task<int>> body, CancellationToken cancellationToken)
    {
        using var source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var output = Console.OpenStandardOutput();
        using var text = new StreamWriter(output, new UTF8Encoding(false), 1 << 14);
        using var error = new StreamWriter(Console.OpenStandardError(), new UTF8Encoding(false)) { AutoFlush = true };
        var format = parsed.GetValue(options.Format);
        var lines = format == OutputFormat.Jsonl ? new LineWriter(output) : null;
        var context = new CommandContext(format, lines, text, error);
        if (parsed.GetValue(options.Control) == "stdin")
        {
            ControlInput.Watch(source);
        }

        try
        {
            lines?.Write(new ProtocolLine(ProtocolVersion.Current, Version, parsed.CommandResult.Command.Name), ProtocolJson.Default.ProtocolLine);
            return await body(context, source.Token);
        }
        catch (Exception exception)
        {
            return Report(context, exception);
        }
        finally
        {
            Flush(text);
        }
    }

    private static int Report(CommandContext context, Exception exception)
    {
        var line = exception switch
        {
            OperationCanceledException => new ErrorLine(ErrorCodes.OperationStopped.Id, "Stopped.", null, ErrorCodes.OperationStopped.Mend, ExitCode.Stopped),
            AgentOpsException known => new ErrorLine(known.Code.Id, known.Message, known.Target?.ToString(), known.Mend, CodeOf(known.Code.Kind)),
            SimulationInputException input => new ErrorLine(ErrorCodes.SimulationInvalid.Id, input.Message, input.Target, input.Mend, ExitCode.BadInput),
            IOException or UnauthorizedAccessException => new ErrorLine(ErrorCodes.SimulationInputInvalid.Id, exception.Message, null, "Check that the file is there and can be read.", ExitCode.BadInput),
            _ => new ErrorLine(ErrorCodes.InternalError.Id, exception.Message, exception.GetType().Name, ErrorCodes.InternalError.Mend, ExitCode.Internal),
        };
        try
        {
            if (context.Lines is not null)
            {
                context.Lines.Write(line, ProtocolJson.Default.ErrorLine);
            }
            else
            {
                context.Error.WriteLine($"agentops: {line.Message}");
                context.Error.WriteLine($"  {line.Mend}");
            }
        }
        catch (IOException)
        {
            // Nobody reads any more; the exit code still tells.
        }

        return line.ExitCode;
    }

    private static int CodeOf(ErrorKind kind) => kind switch
    {
        ErrorKind.Internal => ExitCode.Internal,
        ErrorKind.Stopped => ExitCode.Stopped,
        ErrorKind.SecurityError => ExitCode.No,
        _ => ExitCode.BadInput,
    };

    private static void Flush(StreamWriter text)
    {
        try
        {
            text.Flush();
        }
        catch (IOException)
        {
            // The reader has gone, for example 'head'.
        }
    }
}
