using System.Diagnostics;

namespace AgentOps.Cli.Tests.Serving;

/// <summary>Where the vendors' packages are.</summary>
internal static class Sdk
{
    private static readonly string[] Script = ["tests", "Integration", "sdk"];

    /// <summary>The folder of the scripts, found upwards from the tests.</summary>
    public static string Folder { get; } = Find();

    /// <summary>What is missing; null when all is there.</summary>
    public static string? Missing()
    {
        if (!Directory.Exists(Path.Combine(Folder, "node_modules")))
        {
            return "The vendors' packages are not installed: run 'npm install' in tests/Integration/sdk.";
        }

        try
        {
            using var node = Process.Start(new ProcessStartInfo("node", "--version") { RedirectStandardOutput = true });
            node!.WaitForExit();
            return null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "There is no node on PATH.";
        }
    }

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var found = Path.Combine([folder.FullName, .. Script]);
            if (Directory.Exists(found))
            {
                return found;
            }
        }

        return AppContext.BaseDirectory;
    }
}
