using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using AgentOps.Engine.Tools.Isolation;

namespace AgentOps.Engine.Tools.Processes;

/// <summary>Runs a program as a child: clean environment, own folder, bounded output, ended with all its children.</summary>
public static partial class ChildProcess
{
    private const int Terminate = 15;

    private static readonly TimeSpan SandboxEndTime = TimeSpan.FromMilliseconds(500);

    // Output that is still in the pipe when the process is gone arrives at once; only a stray grandchild keeps it open.
    private static readonly TimeSpan DrainTime = TimeSpan.FromMilliseconds(500);

    /// <summary>Runs it to its end, its time-out or its cancellation.</summary>
    /// <exception cref="Win32Exception">The program can't be started.</exception>
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
            await EndAsync(process, start.Sandbox is not null);
            drain.CancelAfter(DrainTime);
        }

        var (outputText, outputCut) = await output;
        var (errorText, errorCut) = await error;

        // One that was killed may not have been waited for yet, and has no exit code then.
        if (!timedOut && start.Sandbox is not null && process.ExitCode == Sandbox.NotStarted && errorText.StartsWith(Sandbox.Complaint, StringComparison.Ordinal))
        {
            throw new Win32Exception(errorText[Sandbox.Complaint.Length..].TrimEnd());
        }

        return new ChildProcessResult(timedOut ? -1 : process.ExitCode, outputText, errorText, outputCut || errorCut, timedOut);
    }

    /// <summary>What the system is told to start: the program, or the sandbox around it, with a clean environment and pipes.</summary>
    /// <exception cref="Win32Exception">A path that it may write can't be resolved.</exception>
    public static ProcessStartInfo ToStartInfo(ChildProcessStart start)
    {
        IReadOnlyList<string> command = start.Sandbox is { } sandbox
            ? sandbox.Wrap(start.FileName, start.Arguments, start.WorkFolder, start.Isolation, start.Writable, start.Pins, start.Timeout)
            : [start.FileName, .. start.Arguments];
        var info = new ProcessStartInfo(command[0])
        {
            WorkingDirectory = start.WorkFolder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        foreach (var argument in command.Skip(1))
        {
            info.ArgumentList.Add(argument);
        }

        CleanEnvironment(info.Environment, start.WorkFolder);
        foreach (var (name, value) in start.Environment)
        {
            info.Environment[name] = value;
        }

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

    /// <summary>
    /// Ends a program with all its children. A sandbox is asked, for it answers when the last process in it is gone; what does not
    /// answer is killed, and the kernel then ends the sandbox with it.
    /// </summary>
    public static async Task EndAsync(Process process, bool isSandboxed)
    {
        try
        {
            if (isSandboxed && !process.HasExited)
            {
                using var patience = new CancellationTokenSource(SandboxEndTime);
                _ = Signal(process.Id, Terminate);
                await process.WaitForExitAsync(patience.Token);
            }

            if (isSandboxed && process.HasExited)
            {
                return;
            }
        }
        catch (OperationCanceledException)
        {
            // It was asked for long enough.
        }
        catch (InvalidOperationException)
        {
            return;
        }

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

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Signal(int process, int signal);

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
