using System.Text.Json;
using System.Xml.Linq;
using AgentOps.Build.Packaging;

namespace AgentOps.Build;

/// <summary>Runs every test there is here and ends with one line that counts them.</summary>
internal sealed class TestTask(Repository repository)
{
    private const int PesterMissing = 3;

    private readonly Shell _shell = new(repository);

    public int Run()
    {
        if (Directory.Exists(repository.Results))
        {
            Directory.Delete(repository.Results, recursive: true);
        }

        Directory.CreateDirectory(repository.Results);
        var build = new BuildTask(repository);
        Say.Step("solution");
        _shell.DotNet("The solution", BuildTask.Build("AgentOps.slnx"));
        build.Helper();

        var (unit, unitExit) = Unit();
        var (pester, pesterExit) = Pester();
        var all = unit + pester;
        Say.Note($"unit: {unit}");
        Say.Note($"pester: {pester}");
        var failed = unitExit != 0 || pesterExit != 0 || all.Failed > 0 || unit.Total == 0;
        if (failed && all.Failed == 0)
        {
            // A crash, a suite that could not be read, or no test at all: never a green line.
            all = all with { Failed = 1 };
        }

        Console.Error.Flush();
        Console.Out.WriteLine(all);
        return failed ? 1 : 0;
    }

    private (TestCounts Counts, int ExitCode) Unit()
    {
        Say.Step("unit tests");
        var results = Path.Combine(repository.Results, "unit");
        var exitCode = _shell.Run("dotnet",
        [
            "test", "AgentOps.slnx", "-c", "Release", "--no-build", "-nologo", "-v", "quiet", "-tl:off",
            "--logger", "console;verbosity=minimal", "--logger", "trx;LogFilePrefix=unit", "--results-directory", results,
        ], HelperEnvironment());
        var counts = Directory.Exists(results)
            ? Directory.EnumerateFiles(results, "*.trx").Select(Read).Aggregate(TestCounts.None, (sum, one) => sum + one)
            : TestCounts.None;
        return (counts, exitCode);
    }

    private (TestCounts Counts, int ExitCode) Pester()
    {
        Say.Step("Pester suites");
        var host = new PowerShellHost(repository, _shell);
        if (!host.IsThere)
        {
            PowerShellHost.SayLeftOut("the cmdlets' tests (tests/Commands, tests/Conventions, tests/Integration)");
            return (TestCounts.None, 0);
        }

        // What is tested is the module that a person would install: its help is in it, and so is all else.
        if (new PackTask(repository).Run(allowNet9: true, outputIsResult: false) != 0)
        {
            return (TestCounts.None, 1);
        }

        var results = Path.Combine(repository.Results, "pester.json");
        var exitCode = host.RunScript("tests/Invoke-Tests.ps1", ["-ResultPath", results], HelperEnvironment());
        if (exitCode == PesterMissing)
        {
            Say.Note("LEFT OUT: the cmdlets' tests: Pester is not installed. Get it with: Install-PSResource Pester -Version 6.0.0");
            return (TestCounts.None, 0);
        }

        return File.Exists(results) ? (ReadPester(results), exitCode) : (TestCounts.None, exitCode == 0 ? 1 : exitCode);
    }

    private Dictionary<string, string> HelperEnvironment() => new()
    {
        ["AGENTOPS_HELPER"] = repository.Helper,
        // Tests make stores of their own; one that forgets must not touch the user's.
        ["AGENTOPS_HOME"] = Path.Combine(repository.Results, "home"),
    };

    private static TestCounts Read(string trx)
    {
        XNamespace space = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";
        var outcomes = XDocument.Load(trx).Descendants(space + "UnitTestResult")
            .Select(result => (string?)result.Attribute("outcome")).ToArray();
        var passed = outcomes.Count(outcome => outcome == "Passed");
        var skipped = outcomes.Count(outcome => outcome is "NotExecuted" or null);
        return new TestCounts(passed, outcomes.Length - passed - skipped, skipped);
    }

    private static TestCounts ReadPester(string path)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(path));
        int Count(string name) => json.RootElement.GetProperty(name).GetInt32();
        return new TestCounts(Count("passed"), Count("failed"), Count("skipped"));
    }
}
