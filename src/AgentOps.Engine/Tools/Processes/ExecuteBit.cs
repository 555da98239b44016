namespace AgentOps.Engine.Tools.Processes;

/// <summary>The execute bit of a program that came in a package, which carries none.</summary>
public static class ExecuteBit
{
    /// <summary>Sets it for the owner and for whoever may read the program; nothing where it is set, and on Windows.</summary>
    /// <exception cref="UnauthorizedAccessException">It is not set, and the account may not set it.</exception>
    public static void Repair(string path)
    {
        if (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & UnixFileMode.UserExecute) != 0)
        {
            return;
        }

        var mode = File.GetUnixFileMode(path);
        // Each reader's bit stands two places above the execute bit of the same.
        var readers = mode & (UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        File.SetUnixFileMode(path, mode | UnixFileMode.UserExecute | (UnixFileMode)((int)readers >> 2));
    }
}
