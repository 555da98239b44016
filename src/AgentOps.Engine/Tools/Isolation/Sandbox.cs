using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using AgentOps.Engine.Permissions;
using AgentOps.Engine.Tools.Processes;

namespace AgentOps.Engine.Tools.Isolation;

/// <summary>
/// Runs programs through <c>agentops-sandbox</c>, a small native program beside this one that confines itself with Linux' namespaces,
/// gives up every privilege and becomes the program (src/AgentOps.Sandbox).
/// </summary>
public sealed class Sandbox
{
    /// <summary>The launcher's file name.</summary>
    public const string ProgramName = "agentops-sandbox";

    /// <summary>How the launcher begins what it writes to standard error when it could not start the program.</summary>
    internal const string Complaint = "agentops-sandbox: ";

    /// <summary>The launcher's exit code when it could not start the program.</summary>
    internal const int NotStarted = 125;

    // A process may take more than any honest tool does, and not the machine.
    private const int MostProcesses = 256;
    private const int MostOpenFiles = 1024;
    private const long MostMemory = 4L << 30;
    private const long LargestFile = 1L << 30;

    private static readonly TimeSpan ProbeTime = TimeSpan.FromSeconds(5);
    private static readonly string[] TemporaryFolders = ["/tmp/", "/var/tmp/", "/run/"];
    private static readonly FileSystemPathResolver Paths = new();

    private readonly string _launcher;
    private readonly IReadOnlyList<string> _hidden;

    private Sandbox(string launcher, IReadOnlyList<string> hidden)
    {
        _launcher = launcher;
        _hidden = hidden;
    }

    /// <summary>Finds the sandbox of this host, and tries it out: some ten milliseconds.</summary>
    /// <param name="folder">The folder of the launcher; null for that of the running program.</param>
    /// <param name="hidden">Folders that no tool may see.</param>
    public static SandboxSearch Find(string? folder, IEnumerable<string> hidden)
    {
        if (!OperatingSystem.IsLinux())
        {
            return new SandboxSearch(null, "there is no sandbox for this operating system.");
        }

        var launcher = Path.Combine(folder ?? AppContext.BaseDirectory, ProgramName);
        var missing = File.Exists(launcher) ? Try(launcher) : $"there is no '{launcher}'.";
        return missing.Length > 0
            ? new SandboxSearch(null, missing)
            : new SandboxSearch(new Sandbox(launcher, hidden.Select(path => Paths.TryResolve(path, out var resolved) ? resolved : Path.GetFullPath(path)).Distinct(StringComparer.Ordinal).ToArray()), string.Empty);
    }

    /// <summary>The launcher and its arguments, which end with the program and its own.</summary>
    /// <exception cref="Win32Exception">A path that the tool may write can't be resolved.</exception>
    public IReadOnlyList<string> Wrap(string program, IReadOnlyList<string> arguments, string workFolder, ToolIsolation isolation, IReadOnlyList<string> writable, IReadOnlyList<string> pins, TimeSpan timeout)
    {
        List<string> command =
        [
            _launcher,
            "--host", Number(Environment.ProcessId),
            "--work", Resolve(workFolder),
            "--processes", Number(MostProcesses),
            "--open-files", Number(MostOpenFiles),
            "--memory", Number(MostMemory),
            "--file-size", Number(LargestFile),
            "--cpu", Number(((long)Math.Min(timeout.TotalSeconds, int.MaxValue) + 1) * Environment.ProcessorCount),
        ];
        if (isolation.Network)
        {
            command.Add("--network");
        }

        foreach (var path in writable)
        {
            command.AddRange(["--write", Writable(Resolve(path))]);
        }

        for (var i = 0; i < pins.Count; i++)
        {
            command.AddRange(["--pin", pins[i], PinnedPaths.PlaceOf(i, pins[i])]);
        }

        if (Path.IsPathFullyQualified(program) && Array.Exists(TemporaryFolders, folder => program.StartsWith(folder, StringComparison.Ordinal)) && File.Exists(program))
        {
            command.AddRange(["--show", program]);
        }

        foreach (var path in _hidden)
        {
            command.AddRange(["--hide", path]);
        }

        command.Add("--");
        command.Add(program);
        command.AddRange(arguments);
        return command;
    }

    /// <summary>Whether a path is hidden from tools, lies in what is, or holds it.</summary>
    internal bool Hides(string path) => _hidden.Any(hidden => PinnedPaths.IsWithin(path, hidden) || PinnedPaths.IsWithin(hidden, path));

    private static string Resolve(string path) =>
        Paths.TryResolve(path, out var resolved) ? resolved : throw new Win32Exception($"The path '{path}' can't be resolved.");

    /// <summary>What is there; else the folder that it is to be made in.</summary>
    private static string Writable(string path)
    {
        var place = File.Exists(path) || Directory.Exists(path) ? path : Path.GetDirectoryName(path);
        return place is not (null or "/") && (place == path || Directory.Exists(place))
            ? place
            : throw new Win32Exception($"The tool can't be given '{path}' to write: neither it nor its folder is there, or it is the root.");
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Try(string launcher)
    {
        try
        {
            ExecuteBit.Repair(launcher);
            using var process = Process.Start(new ProcessStartInfo(launcher, ["--probe"]) { RedirectStandardError = true, RedirectStandardOutput = true, RedirectStandardInput = true })!;
            var said = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit(ProbeTime))
            {
                process.Kill();
                return "its launcher does not answer.";
            }

            return process.ExitCode == 0 ? string.Empty : said.GetAwaiter().GetResult().Trim() + ".";
        }
        catch (Exception fault) when (fault is Win32Exception or IOException or UnauthorizedAccessException)
        {
            return fault.Message;
        }
    }
}
