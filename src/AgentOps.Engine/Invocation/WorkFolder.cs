using System.Security.Cryptography;

namespace AgentOps.Engine.Invocation;

/// <summary>The folder that a session's tools start in; it goes with the session.</summary>
internal static class WorkFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>A path that nobody can guess; the folder is made when a tool first needs it, for most sessions never do.</summary>
    public static string Reserve() =>
        Path.Combine(Path.GetTempPath(), "agentops-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12)));

    /// <summary>Makes the folder, where it is not there yet, for this account alone.</summary>
    public static void Make(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, OwnerOnly);
        }
    }

    /// <summary>Removes the folder with all that is in it, where it was made.</summary>
    public static void Remove(string? folder)
    {
        if (folder is null || !Directory.Exists(folder))
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
