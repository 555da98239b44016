using System.Runtime.InteropServices;

namespace AgentOps.Build;

/// <summary>Where things lie.</summary>
internal sealed record Repository(string Root)
{
    public string Artifacts => Path.Combine(Root, "artifacts");

    public string Results => Path.Combine(Artifacts, "test-results");

    public string ModuleBin => Path.Combine(Root, "module", "bin");

    public static string Rid => RuntimeInformation.RuntimeIdentifier;

    public static string HelperName => OperatingSystem.IsWindows() ? "agentops.exe" : "agentops";

    public string Helper => Path.Combine(ModuleBin, "native", Rid, HelperName);

    public static Repository Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "AgentOps.slnx")))
            {
                return new Repository(folder.FullName);
            }
        }

        throw new BuildFailedException("AgentOps.slnx is not above the build program: run it from a clone of the repository.");
    }

    public string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);
}
