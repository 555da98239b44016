namespace AgentOps.Build;

/// <summary>Builds the help from docs/en-US.</summary>
internal sealed class DocsTask(Repository repository)
{
    public int Run(bool required)
    {
        var host = new PowerShellHost(repository, new Shell(repository));
        if (!required && !host.IsThere)
        {
            PowerShellHost.SayLeftOut("the module's help (en-US)");
            return 0;
        }

        var fingerprint = new Fingerprint(repository, "help", string.Empty, "docs/en-US", "docs/Build-Help.ps1", "src/AgentOps", "AgentOps.psd1");
        if (!required && fingerprint.IsUnchanged && Directory.Exists(repository.PathOf("en-US")))
        {
            return 0;
        }

        Say.Step("help");
        var exitCode = host.RunScript("docs/Build-Help.ps1", []);
        if (exitCode == 0)
        {
            fingerprint.Save();
        }

        return exitCode;
    }
}
