namespace AgentOps.Build;

/// <summary>Prints the figures of one area, or of all, one JSON line a figure.</summary>
internal sealed class BenchTask(Repository repository)
{
    public int Run(IReadOnlyList<string> areas)
    {
        var shell = new Shell(repository);
        var build = new BuildTask(repository);
        build.Module();
        build.Helper();
        const string project = "tests/benchmarks/AgentOps.Benchmarks";
        Say.Step("benchmarks");
        shell.DotNet("The benchmarks", BuildTask.Build(project));
        return shell.Run("dotnet",
            ["run", "--project", project, "-c", "Release", "--no-build", "--", .. areas],
            new Dictionary<string, string>
            {
                ["AGENTOPS_HELPER"] = repository.Helper,
                ["AGENTOPS_MODULE"] = repository.PathOf("AgentOps.psd1"),
            },
            outputIsResult: true);
    }
}
