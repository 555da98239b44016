using System.Text.Json;

namespace AgentOps.Build;

/// <summary>Finds PowerShell: on PATH, else as the pinned .NET tool, else not at all.</summary>
internal sealed class PowerShellHost
{
    private const string HowToGet = "Install PowerShell 7.6 or later (https://aka.ms/powershell) so that 'pwsh' is on PATH, then run the task again.";

    private readonly Repository _repository;
    private readonly Shell _shell;
    private readonly Lazy<string[]?> _command;

    public PowerShellHost(Repository repository, Shell shell)
    {
        _repository = repository;
        _shell = shell;
        _command = new(Find);
    }

    public bool IsThere => _command.Value is not null;

    /// <summary>Says which part is left out for want of PowerShell, and how to get it.</summary>
    public static void SayLeftOut(string part)
    {
        Say.Note($"LEFT OUT: {part}: there is no PowerShell here.");
        Say.Note(HowToGet);
    }

    public int RunScript(string script, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, bool outputIsResult = false)
    {
        var (program, all) = Command(script, arguments);
        return _shell.Run(program, all, environment, outputIsResult);
    }

    /// <summary>Runs a script and keeps what it writes; for scripts that write little.</summary>
    public (int ExitCode, string Output) CaptureScript(string script, IEnumerable<string> arguments)
    {
        var (program, all) = Command(script, arguments);
        return _shell.Capture(program, all, new Dictionary<string, string> { ["NO_COLOR"] = "1" });
    }

    private (string Program, string[] Arguments) Command(string script, IEnumerable<string> arguments)
    {
        var found = _command.Value ?? throw new BuildFailedException($"This task needs PowerShell. {HowToGet}");
        return (found[0], [.. found[1..], "-NoLogo", "-NoProfile", "-NonInteractive", "-File", _repository.PathOf(script), .. arguments]);
    }

    private string[]? Find()
    {
        var name = OperatingSystem.IsWindows() ? "pwsh.exe" : "pwsh";
        var onPath = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Any(folder => File.Exists(Path.Combine(folder, name)));
        return onPath ? ["pwsh"] : RestoreTool() ? ["dotnet", "tool", "run", "pwsh", "--"] : null;
    }

    /// <summary>Tries the pinned tool once; a refusal is remembered for this version, so that the next build is fast.</summary>
    private bool RestoreTool()
    {
        var version = PinnedVersion();
        var memory = Path.Combine(_repository.Artifacts, $"pwsh-tool-{version}.unavailable");
        if (File.Exists(memory))
        {
            return false;
        }

        Say.Note($"No 'pwsh' on PATH; trying the .NET tool powershell {version}.");
        if (_shell.Capture("dotnet", ["tool", "restore"]).ExitCode == 0)
        {
            return true;
        }

        Directory.CreateDirectory(_repository.Artifacts);
        File.WriteAllText(memory, "The tool could not be restored. Delete this file to try again." + Environment.NewLine);
        return false;
    }

    private string PinnedVersion()
    {
        using var manifest = JsonDocument.Parse(File.ReadAllText(_repository.PathOf(".config", "dotnet-tools.json")));
        return manifest.RootElement.GetProperty("tools").GetProperty("powershell").GetProperty("version").GetString()!;
    }
}
