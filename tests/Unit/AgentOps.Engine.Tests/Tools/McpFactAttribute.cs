using System.Diagnostics;

namespace AgentOps.Engine.Tests.Tools;

/// <summary>A test that needs node and real Model Context Protocol servers (npm install in tests/Integration/sdk); without them it is skipped, visibly.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class McpFactAttribute : FactAttribute
{
    private static readonly string[] Script = ["tests", "Integration", "sdk"];

    public McpFactAttribute() => Skip = Missing();

    /// <summary>The folder with the servers' packages, found upwards from the tests; given to the servers, since it may lie in a temporary folder that the sandbox hides.</summary>
    public static string Folder { get; } = Find();

    /// <summary>The script of a server's package.</summary>
    public static string Server(string package) => Path.Combine(Folder, "node_modules", "@modelcontextprotocol", package, "dist", "index.js");

    private static string? Missing()
    {
        if (!File.Exists(Server("server-filesystem")) || !File.Exists(Server("server-everything")))
        {
            return "The Model Context Protocol servers are not installed: run 'npm install' in tests/Integration/sdk.";
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
