using System.Diagnostics;
using System.Globalization;

namespace AgentOps.Benchmarks.Areas;

/// <summary>What a user waits for before any work is done: import, the first cmdlet, completion, the helper's start. Medians of fresh processes.</summary>
internal sealed class FoundationArea : IBenchmarkArea
{
    private const int Runs = 15;
    private const int Agents = 1_000;

    /// <inheritdoc/>
    public string Name => "foundation";

    /// <inheritdoc/>
    public IEnumerable<Figure> Run(BenchmarkContext context)
    {
        if (Environment.GetEnvironmentVariable("AGENTOPS_MODULE") is { Length: > 0 } manifest && HasPowerShell())
        {
            foreach (var figure in Import(manifest, context).Concat(Completion(manifest, context)))
            {
                yield return figure;
            }
        }
        else
        {
            BenchmarkContext.Say("LEFT OUT: import.added, import.first and completion: they need 'pwsh' on PATH and a built module.");
        }

        if (context.HelperPath is { } helper && File.Exists(helper))
        {
            Time(helper, ["version"], context);
            yield return new Figure("cli.start", Median(() => Time(helper, ["version"], context)), "ms");
        }
        else
        {
            BenchmarkContext.Say("LEFT OUT: cli.start: the helper is not built.");
        }
    }

    private static IEnumerable<Figure> Import(string manifest, BenchmarkContext context)
    {
        var import = $"Import-Module '{manifest.Replace("'", "''", StringComparison.Ordinal)}'";
        var first = import + "; Get-AgentOpsAgent";

        // One of each, in turn, so that a slow moment of the machine falls on all three.
        var (alone, imported, used) = (new List<double>(), new List<double>(), new List<double>());
        Pwsh(first, context);
        for (var run = 0; run < Runs; run++)
        {
            alone.Add(Pwsh("$null", context));
            imported.Add(Pwsh(import, context));
            used.Add(Pwsh(first, context));
        }

        BenchmarkContext.Say(FormattableString.Invariant(
            $"pwsh alone {Median(alone):0} ms, with the module {Median(imported):0} ms, with a first cmdlet {Median(used):0} ms (medians of {Runs})"));
        yield return new Figure("import.added", Median(imported) - Median(alone), "ms");
        yield return new Figure("import.first", Median(used) - Median(imported), "ms");
    }

    /// <summary>Pressing Tab after the name of an agent: the first time in a process, and the median of those after it.</summary>
    private static IEnumerable<Figure> Completion(string manifest, BenchmarkContext context)
    {
        var file = Path.Combine(context.WorkPath, "many.yaml");
        var agents = Enumerable.Range(1, Agents).Select(number => FormattableString.Invariant($"apiVersion: agentops/v1\nkind: Agent\nname: agent-{number}\nroute: default"));
        File.WriteAllText(file, string.Join("\n---\n", agents.Prepend("""
            apiVersion: agentops/v1
            kind: Provider
            name: rehearsal
            protocol: simulated
            ---
            apiVersion: agentops/v1
            kind: Route
            name: default
            targets: [{provider: rehearsal, model: m}]
            """)));
        var import = $"$ErrorActionPreference = 'Stop'; Import-Module '{manifest.Replace("'", "''", StringComparison.Ordinal)}'; ";
        Pwsh($"{import} $null = Import-AgentOpsConfiguration -LiteralPath '{file}'", context);
        var output = Run("pwsh", ["-NoLogo", "-NoProfile", "-NonInteractive", "-Command", $$"""
            {{import}}
            $text = 'Get-AgentOpsAgent -Name agent-99'
            foreach ($run in 0..{{Runs}}) {
                $clock = [Diagnostics.Stopwatch]::StartNew()
                $found = (TabExpansion2 -inputScript $text -cursorColumn $text.Length).CompletionMatches.Count
                $clock.Elapsed.TotalMilliseconds.ToString([cultureinfo]::InvariantCulture)
                if ($run -and $found -ne 11) { throw "$found names" }
            }
            """], context);
        var times = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => double.Parse(line, CultureInfo.InvariantCulture)).ToArray();
        yield return new Figure("completion.first", times[0], "ms");
        yield return new Figure("completion.agents", Median(times[1..]), "ms");
    }

    private static double Pwsh(string command, BenchmarkContext context) =>
        Time("pwsh", ["-NoLogo", "-NoProfile", "-NonInteractive", "-Command", command], context);

    private static double Time(string program, IEnumerable<string> arguments, BenchmarkContext context)
    {
        var watch = Stopwatch.StartNew();
        Run(program, arguments, context);
        return watch.Elapsed.TotalMilliseconds;
    }

    private static string Run(string program, IEnumerable<string> arguments, BenchmarkContext context)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["AGENTOPS_HOME"] = Path.Combine(context.WorkPath, "store");
        start.Environment["POWERSHELL_TELEMETRY_OPTOUT"] = "1";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"'{program}' failed: {process.StandardError.ReadToEnd()}");
    }

    private static double Median(Func<double> measure) => Median(Enumerable.Range(0, Runs).Select(_ => measure()));

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }

    private static bool HasPowerShell() =>
        (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Any(folder => File.Exists(Path.Combine(folder, OperatingSystem.IsWindows() ? "pwsh.exe" : "pwsh")));
}
