namespace AgentOps.Cli.Quickstart;

/// <summary>What the helper carries in itself for the quickstart.</summary>
internal static class QuickstartResources
{
    /// <summary>The workspace's configuration.</summary>
    public static string Workspace()
    {
        using var reader = new StreamReader(Open("quickstart/workspace.yaml"));
        return reader.ReadToEnd();
    }

    /// <summary>The whole trace in the folder of outside data, where <c>AGENTOPS_DATA</c> names one; else null.</summary>
    public static string? WholeTrace() =>
        Environment.GetEnvironmentVariable("AGENTOPS_DATA") is { Length: > 0 } data
        && Path.Combine(data, "traces", "azure-llm-2023-conv.csv") is var file
        && File.Exists(file)
            ? file
            : null;

    /// <summary>Writes the excerpt of a production trace to a file that goes when it is disposed.</summary>
    public static UnpackedFile UnpackTrace()
    {
        var file = new UnpackedFile(Path.Combine(Path.GetTempPath(), $"agentops-{Guid.NewGuid():N}.csv"));
        using var source = Open("quickstart/trace.csv");
        using var target = File.Create(file.Path);
        source.CopyTo(target);
        return file;
    }

    private static Stream Open(string name) => typeof(QuickstartResources).Assembly.GetManifestResourceStream(name)
        ?? throw new InvalidOperationException($"The resource '{name}' is missing.");
}
