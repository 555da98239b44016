namespace AgentOps.Build;

/// <summary>Builds the module, its helper and its help.</summary>
internal sealed class BuildTask(Repository repository)
{
    private readonly Shell _shell = new(repository);

    public int Run()
    {
        Module();
        Helper();
        return new DocsTask(repository).Run(required: false);
    }

    public void Module()
    {
        Say.Step("module");
        _shell.DotNet("The module", Build("src/AgentOps"));
    }

    public NativeHelper Helper()
    {
        Say.Step("helper");
        var helper = new NativeHelper(repository, _shell);
        helper.Publish();
        return helper;
    }

    /// <summary>The arguments of `dotnet build` for one project or solution.</summary>
    public static IReadOnlyList<string> Build(string project) =>
    [
        "build", project, "-c", "Release", "-v", "quiet", "-clp:ErrorsOnly", "-nologo", "-tl:off",
    ];
}
