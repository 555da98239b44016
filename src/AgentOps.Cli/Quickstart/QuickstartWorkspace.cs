namespace AgentOps.Cli.Quickstart;

/// <summary>The quickstart's workspace, which the helper carries in itself.</summary>
internal static class QuickstartWorkspace
{
    private const string Name = "quickstart.workspace.yaml";

    public static string Text()
    {
        using var stream = typeof(QuickstartWorkspace).Assembly.GetManifestResourceStream(Name)
            ?? throw new InvalidOperationException($"The resource '{Name}' is missing.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
