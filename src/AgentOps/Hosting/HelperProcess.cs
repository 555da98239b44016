using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Tools.Processes;
using AgentOps.Protocol;

namespace AgentOps.Hosting;

/// <summary>
/// Launches the native helper and reads its JSON lines. Both sides check the protocol's version; a stop asks the helper first
/// and ends it with all its children soon after.
/// </summary>
internal static class HelperProcess
{
    private static readonly TimeSpan StopTime = TimeSpan.FromMilliseconds(300);

    /// <summary>The folder of the native programs that came with the module for this system.</summary>
    public static string Folder { get; } = Path.Combine(
        Path.GetDirectoryName(typeof(HelperProcess).Assembly.Location) ?? string.Empty, "native", RuntimeInformation.RuntimeIdentifier);

    /// <summary>Runs a command of the helper and hands on each line but the first.</summary>
    /// <exception cref="AgentOpsException"><c>HelperUnavailable</c>, or what the helper says is wrong.</exception>
    public static async Task RunAsync(IEnumerable<string> arguments, Func<string, JsonElement, Task> onLine, CancellationToken cancellationToken)
    {
        using var process = Start(Find(), [.. arguments, "--format", "jsonl", "--control", "stdin"]);
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        await using var stop = cancellationToken.Register(() => Stop(process));
        try
        {
            var isFirst = true;
            ErrorLine? failure = null;
            while (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
            {
                using var document = Parse(line);
                var type = document.RootElement.TryGetProperty("type", out var name) ? name.GetString() ?? string.Empty : string.Empty;
                if (isFirst)
                {
                    CheckVersion(type, document.RootElement);
                    isFirst = false;
                }
                else if (type == "error")
                {
                    failure = document.RootElement.Deserialize(ProtocolJson.Default.ErrorLine);
                }
                else
                {
                    await onLine(type, document.RootElement);
                }
            }

            await process.WaitForExitAsync(cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            if (failure is not null)
            {
                throw Known(failure);
            }

            // "No" is an answer: a promise that can't be kept. Anything else without an error line is a crash.
            if (isFirst || process.ExitCode is not (ExitCode.Done or ExitCode.No))
            {
                var said = (await errors).Trim();
                throw Unavailable(string.Create(CultureInfo.InvariantCulture, $"The helper ended with exit code {process.ExitCode}. {said}"));
            }
        }
        finally
        {
            End(process);
        }
    }

    private static string Find()
    {
        var program = OperatingSystem.IsWindows() ? "agentops.exe" : "agentops";
        var path = Path.Combine(Folder, program);
        if (!File.Exists(path))
        {
            throw Unavailable($"There is no helper at '{path}'.");
        }

        try
        {
            ExecuteBit.Repair(path);
            return path;
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
            throw Unavailable($"The helper may not be executed, and this account may not change that; its owner can: chmod a+x '{path}'", exception);
        }
    }

    private static Process Start(string path, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(path)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        try
        {
            return Process.Start(start) ?? throw Unavailable($"The helper '{path}' did not start.");
        }
        catch (Win32Exception exception)
        {
            throw Unavailable($"The helper '{path}' can't be started: {exception.Message}", exception);
        }
    }

    private static JsonDocument Parse(string line)
    {
        try
        {
            return JsonDocument.Parse(line);
        }
        catch (JsonException exception)
        {
            throw Unavailable("The helper wrote a line that is no JSON.", exception);
        }
    }

    private static void CheckVersion(string type, JsonElement line)
    {
        var version = type == "protocol" && line.TryGetProperty("version", out var value) && value.TryGetInt32(out var number) ? number : 0;
        if (version != ProtocolVersion.Current)
        {
            throw Unavailable(string.Create(CultureInfo.InvariantCulture, $"The helper speaks version {version} of the protocol, this module version {ProtocolVersion.Current}."));
        }
    }

    private static AgentOpsException Known(ErrorLine failure)
    {
        var kind = failure.ExitCode switch
        {
            ExitCode.Usage or ExitCode.BadInput => ErrorKind.InvalidData,
            ExitCode.Stopped => ErrorKind.Stopped,
            ExitCode.No => ErrorKind.SecurityError,
            _ => ErrorKind.Internal,
        };
        return new AgentOpsException(new ErrorCode(failure.Id, kind, failure.Mend), failure.Message, failure.Target);
    }

    private static AgentOpsException Unavailable(string message, Exception? cause = null) =>
        new(ErrorCodes.HelperUnavailable, message, innerException: cause);

    private static void Stop(Process process)
    {
        try
        {
            process.StandardInput.WriteLine("cancel");
            process.StandardInput.Close();
            process.WaitForExit(StopTime);
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException)
        {
            // It has ended, or closed its input: ending it is all that is left.
        }

        End(process);
    }

    private static void End(Process process)
    {
        try
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
        catch (Exception exception) when (exception is InvalidOperationException or Win32Exception)
        {
            // It ended meanwhile.
        }
    }
}
