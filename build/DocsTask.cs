namespace AgentOps.Build;

/// <summary>Builds the help from docs/en-US.</summary>
internal sealed class DocsTask(Repository repository)
{
    private static readonly string[] Scripts = ["docs/Build-Help.ps1", "docs/Update-ErrorGuide.ps1"];

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
        var exitCode = Scripts.Take(required ? 2 : 1).Select(script => host.RunScript(script, [])).FirstOrDefault(code => code != 0);
        if (exitCode == 0)
        {
            fingerprint.Save();
        }

        return exitCode;
    }
}
