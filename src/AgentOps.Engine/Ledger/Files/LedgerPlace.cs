using System.Collections.Frozen;
using AgentOps.Engine.Errors;

namespace AgentOps.Engine.Ledger;

/// <summary>Refuses network file systems for the file store: what they answer about locks and flushes can't be relied upon.</summary>
internal static class LedgerPlace
{
    private static readonly FrozenSet<string> networkFormats = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afs", "9p", "ceph", "lustre", "gpfs", "glusterfs", "sshfs", "webdav", "afpfs", "coda", "ncpfs");

    /// <summary>Checks the place of a workspace.</summary>
    /// <exception cref="AgentOpsException">StorePlaceUnsupported.</exception>
    public static void Check(string path)
    {
        if (IsNetwork(path))
        {
            throw new AgentOpsException(ErrorCodes.StorePlaceUnsupported, $"'{path}' is on a network file system, whose locks and flushes can't be relied upon.", path);
        }
    }

    /// <summary>Tells whether the name of a file system is that of one over a network.</summary>
    public static bool IsNetworkFormat(string format) => networkFormats.Contains(format) || format.StartsWith("fuse.s", StringComparison.OrdinalIgnoreCase);

    private static bool IsNetwork(string path)
    {
        if (path.StartsWith(@"\\", StringComparison.Ordinal))
        {
            return true;
        }

        var existing = path;
        while (!Directory.Exists(existing))
        {
            if (Path.GetDirectoryName(existing) is not { } parent)
            {
                return false;
            }

            existing = parent;
        }

        try
        {
            var drive = new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(existing)! : existing);
            return drive.DriveType == DriveType.Network || IsNetworkFormat(drive.DriveFormat);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return false;
        }
    }
}
