using AgentOps.Cli.Tests.Serving;

namespace AgentOps.Engine.Tests.Tools;

/// <summary>A test that needs node and real Model Context Protocol servers (npm install in tests/Integration/sdk); without them it is skipped, visibly.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class McpFactAttribute : FactAttribute
{
    public McpFactAttribute() => Skip = Missing();

    /// <summary>The folder with the servers' packages; given to the servers, since it may lie in a temporary folder that the sandbox hides.</summary>
    public static string Folder => Sdk.Folder;

    /// <summary>The script of a server's package.</summary>
    public static string Server(string package) => Path.Combine(Folder, "node_modules", "@modelcontextprotocol", package, "dist", "index.js");

    private static string? Missing() => Sdk.Missing()
        ?? (File.Exists(Server("server-filesystem")) && File.Exists(Server("server-everything"))
            ? null
            : "The Model Context Protocol servers are not installed: run 'npm install' in tests/Integration/sdk.");
}
