using System.Diagnostics;
using System.Text;

namespace AgentOps.Engine.Tools.Processes;

/// <summary>Runs a program as a child: clean environment, own folder, bounded output, ended with all its children.</summary>
public static class ChildProcess
{
    // Output that is still in the pipe when the process is gone arrives at once; only a stray grandchild keeps it open.
    private static readonly TimeSpan DrainTime = TimeSpan.FromMilliseconds(500);

    /// <summary>Runs it to its end, its time-out or its cancellation.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">The program can't be started.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; by then the process tree has been ended.</exception>
    public static async Task<ChildProcessResult> RunAsync(ChildProcessStart start, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var process = new Process { StartInfo = ToStartInfo(start) };
        process.Start();

        using var drain = new CancellationTokenSource();
        var output = ReadAsync(process.StandardOutput.BaseStream, start.MaxOutputBytes, drain.Token);
        var error = ReadAsync(process.StandardError.BaseStream, start.MaxOutputBytes, drain.Token);
        var timedOut = false;
        try
        {
            await FeedAsync(process, start.StandardInput);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(start.Timeout);
            try
            {
                await process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                timedOut = true;
            }
        }
        finally
        {
            End(process);
            drain.CancelAfter(DrainTime);
        }

        var (outputText, outputCut) = await output;
        var (errorText, errorCut) = await error;
        return new ChildProcessResult(timedOut ? -1 : process.ExitCode, outputText, errorText, outputCut || errorCut, timedOut);
    }

    private static ProcessStartInfo ToStartInfo(ChildProcessStart start)
    {
        var info = new ProcessStartInfo(start.FileName)
        {
            WorkingDirectory = start.WorkFolder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        foreach (var argument in start.Arguments)
        {
            info.ArgumentList.Add(argument);
        }

        CleanEnvironment(info.Environment, start.WorkFolder);
        return info;
    }

    /// <summary>Nothing is inherited but what a program needs to start: no token, no key, no store's place.</summary>
    private static void CleanEnvironment(IDictionary<string, string?> environment, string workFolder)
    {
        string[] kept = OperatingSystem.IsWindows()
            ? ["PATH", "PATHEXT", "SystemRoot", "SystemDrive", "windir", "ComSpec", "ProgramFiles", "ProgramData"]
            : ["PATH", "TZ"];
        var values = kept.Select(name => (Name: name, Value: Environment.GetEnvironmentVariable(name))).ToArray();
        environment.Clear();
        foreach (var (name, value) in values)
        {
            if (value is not null)
            {
                environment[name] = value;
            }
        }

        if (OperatingSystem.IsWindows())
        {
            environment["USERPROFILE"] = environment["TEMP"] = environment["TMP"] = workFolder;
        }
        else
        {
            environment["HOME"] = environment["TMPDIR"] = workFolder;
            environment["LANG"] = environment["LC_ALL"] = "C.UTF-8";
        }
    }

    private static async Task FeedAsync(Process process, string? text)
    {
        try
        {
            if (text is not null)
            {
                await process.StandardInput.WriteAsync(text);
            }

            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended, or closed its input, without reading: its exit code tells the rest.
        }
    }

    private static void End(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
        catch (AggregateException)
        {
            // Some child ended while the tree was walked.
        }
    }

    private static async Task<(string Text, bool IsCut)> ReadAsync(Stream stream, int limit, CancellationToken cancellationToken)
    {
        var kept = new MemoryStream();
        var buffer = new byte[8192];
        var cut = false;
        try
        {
            int count;
            while ((count = await stream.ReadAsync(buffer, cancellationToken)) > 0)
            {
                var room = Math.Min(count, limit - (int)kept.Length);
                kept.Write(buffer, 0, room);
                cut |= room < count;
            }
        }
        catch (OperationCanceledException)
        {
            // A grandchild holds the pipe open; what came until now is what the tool said.
            cut = true;
        }

        return (Encoding.UTF8.GetString(kept.GetBuffer(), 0, (int)kept.Length), cut);
    }
}
