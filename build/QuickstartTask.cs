namespace AgentOps.Build;

/// <summary>Shows the main job: in PowerShell where there is one, else in the helper; the same story in both.</summary>
internal sealed class QuickstartTask(Repository repository)
{
    public int Run()
    {
        var shell = new Shell(repository);
        var build = new BuildTask(repository);
        build.Module();
        build.Helper();
        var host = new PowerShellHost(repository, shell);
        Say.Step("quickstart");
        if (host.IsThere && File.Exists(repository.PathOf("module", "quickstart", "Quickstart.ps1")))
        {
            return host.RunScript("module/quickstart/Quickstart.ps1", [], outputIsResult: true);
        }

        if (!host.IsThere)
        {
            PowerShellHost.SayLeftOut("the quickstart's PowerShell side; the helper runs the same story");
        }

        return shell.Run(repository.Helper, ["quickstart"], outputIsResult: true);
    }
}
