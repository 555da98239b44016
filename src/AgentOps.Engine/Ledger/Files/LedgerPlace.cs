using System.Collections.Frozen;
using AgentOps.Engine.Errors;

namespace AgentOps.Engine.Ledger;

/// <summary>Refuses network file systems for the file store: what they answer about locks and flushes can't be relied upon.</summary>
internal static class LedgerPlace
{
    private static readonly FrozenSet<string> networkFormats = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afs", "9p", "ceph", "lustre", "gpfs", "glusterfs", "sshfs", "webdav", "afpfs", "coda", "ncpfs");

    // Their flush of a new file writes the journal, and so the file's name and that of a new folder above it: ext4_sync_file, xfs_log_force,
    // btrfs_log_inode_parent and f2fs_do_sync_file in Linux. POSIX promises it of none.
    private static readonly FrozenSet<string> NameKeepingFormats = FrozenSet.Create(StringComparer.OrdinalIgnoreCase, "ext2", "ext3", "ext4", "xfs", "btrfs", "f2fs");

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

    /// <summary>Tells whether flushing a new file makes its name durable as well, so that its folder needs no flush of its own.</summary>
    public static bool KeepsNamesWithFiles(string path) => OperatingSystem.IsLinux() && TryFindDrive(path) is { } drive && NameKeepingFormats.Contains(drive.DriveFormat);

    private static bool IsNetwork(string path) => path.StartsWith(@"\\", StringComparison.Ordinal)
        || (TryFindDrive(path) is { } drive && (drive.DriveType == DriveType.Network || IsNetworkFormat(drive.DriveFormat)));

    private static DriveInfo? TryFindDrive(string path)
    {
        var existing = path;
        while (!Directory.Exists(existing))
        {
            if (Path.GetDirectoryName(existing) is not { } parent)
            {
                return null;
            }

            existing = parent;
        }

        try
        {
            var drive = new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(existing)! : existing);
            return drive.DriveFormat.Length > 0 ? drive : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
