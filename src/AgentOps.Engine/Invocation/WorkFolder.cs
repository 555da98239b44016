namespace AgentOps.Engine.Invocation;

/// <summary>The folder that a session's tools start in; it goes with the session.</summary>
internal static class WorkFolder
{
    public static void Remove(string? folder)
    {
        if (folder is null)
        {
            return;
        }

        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (IOException)
        {
            // A program that was just ended may hold a file for a moment longer; the system's own cleaning takes the rest.
        }
        catch (UnauthorizedAccessException)
        {
            // The same, as Windows says it.
        }
    }
}
