using System.IO.Compression;
using System.Text;
using AgentOps.Engine.Errors;

namespace AgentOps.Engine.Ledger;

/// <summary>
/// A backup of a file store in one zip file: the log up to a commit line, its checkpoint, the payloads, and the signing key
/// where that is asked for. It may be made while any number of processes write.
/// </summary>
public static class LedgerBackup
{
    private const string Log = "ledger/log/";
    private const string Checkpoint = "ledger/checkpoint";

    /// <summary>Makes a backup.</summary>
    /// <param name="store">The store.</param>
    /// <param name="path">The file; replaced where it exists, once the backup is whole.</param>
    /// <param name="includeKey">Puts the private signing key in: whoever has the file can then sign as this ledger.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The checkpoint of what is in the backup: an anchor to be kept elsewhere.</returns>
    public static async ValueTask<LedgerCheckpoint> CreateAsync(FileLedgerStore store, string path, bool includeKey, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        var folder = new LedgerFolder(store.Location);
        var (end, checkpoint) = await store.GetEndAsync(cancellationToken).ConfigureAwait(false);
        var temporary = path + ".new";
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            await using (var file = new FileStream(temporary, options))
            {
                using (var archive = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
                {
                    for (var segment = 0; segment <= end.Segment; segment++)
                    {
                        await AddAsync(archive, Log + Path.GetFileName(folder.GetSegment(segment)), folder.GetSegment(segment), segment == end.Segment ? end.Offset : long.MaxValue, cancellationToken)
                            .ConfigureAwait(false);
                    }

                    await using (var note = archive.CreateEntry(Checkpoint).Open())
                    {
                        await note.WriteAsync(Encoding.UTF8.GetBytes(checkpoint.Note), cancellationToken).ConfigureAwait(false);
                    }

                    await AddFolderAsync(archive, "blobs", folder.Blobs, "*", cancellationToken).ConfigureAwait(false);
                    await AddFolderAsync(archive, "keys", folder.Keys, includeKey ? "*" : "*.vkey", cancellationToken).ConfigureAwait(false);
                }

                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
            return checkpoint;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new AgentOpsException(ErrorCodes.StoreUnavailable, $"The backup '{path}' can't be written: {exception.Message}", path, innerException: exception);
        }
    }

    /// <summary>Restores a backup, once it was found to hold together.</summary>
    /// <param name="path">The backup.</param>
    /// <param name="workspace">The folder of the workspace to be.</param>
    /// <param name="options">How to verify the backup; give the pinned key, and the newest anchor, which tells an older backup from the newest one.</param>
    /// <param name="replace">Replaces the store that is there; it is kept beside, as <c>ledger.replaced-…</c>, and processes that run on it stop.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>What the verification found.</returns>
    /// <exception cref="AgentOpsException">BackupInvalid, StoreExists, StoreUnavailable.</exception>
    public static async ValueTask<LedgerVerification> RestoreAsync(
        string path, string workspace, LedgerVerificationOptions options, bool replace, CancellationToken cancellationToken)
    {
        var folder = new LedgerFolder(Path.GetFullPath(workspace));
        if (Directory.Exists(folder.Ledger) && !replace)
        {
            throw new AgentOpsException(ErrorCodes.StoreExists, $"There is a store in '{folder.Workspace}'.", folder.Workspace);
        }

        var incoming = Path.Combine(folder.Workspace, "restore-" + Path.GetRandomFileName());
        try
        {
            Directory.CreateDirectory(incoming);
            await Task.Run(() => Extract(path, incoming, cancellationToken), cancellationToken).ConfigureAwait(false);
            var verification = await FileLedgerStore.VerifyFolderAsync(incoming, options, cancellationToken).ConfigureAwait(false);
            if (!verification.IsWhole)
            {
                throw new AgentOpsException(ErrorCodes.BackupInvalid, $"The backup '{path}' does not hold together at {verification.Faults[0].Line}: {verification.Faults[0].What}", path);
            }

            Directory.CreateDirectory(new LedgerFolder(incoming).State);
            await SwapAsync(folder, incoming, cancellationToken).ConfigureAwait(false);
            return verification;
        }
        catch (Exception exception) when (exception is InvalidDataException or FileNotFoundException)
        {
            throw new AgentOpsException(ErrorCodes.BackupInvalid, $"The file '{path}' is no backup: {exception.Message}", path, innerException: exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new AgentOpsException(ErrorCodes.StoreUnavailable, $"The backup '{path}' can't be restored: {exception.Message}", path, innerException: exception);
        }
        finally
        {
            if (Directory.Exists(incoming))
            {
                Directory.Delete(incoming, recursive: true);
            }
        }
    }

    private static async ValueTask SwapAsync(LedgerFolder folder, string incoming, CancellationToken cancellationToken)
    {
        var aside = folder.Ledger + ".replaced-" + DateTimeOffset.UtcNow.ToString("yyyyMMdd'T'HHmmss'Z'", System.Globalization.CultureInfo.InvariantCulture);
        if (Directory.Exists(folder.Ledger))
        {
            // Nobody appends between here and the move: whoever waits for this lock finds another log when it gets its turn.
            Directory.CreateDirectory(folder.State);
            await using var held = await new FileLock(folder.Lock, new DiskFiles(), TimeSpan.FromSeconds(30)).AcquireAsync(cancellationToken).ConfigureAwait(false);
            Directory.Move(folder.Ledger, aside);
        }

        Directory.Move(Path.Combine(incoming, "ledger"), folder.Ledger);
        foreach (var part in new[] { "blobs", "keys" })
        {
            var source = Path.Combine(incoming, part);
            foreach (var file in Directory.Exists(source) ? Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories) : [])
            {
                var target = Path.Combine(folder.Workspace, part, Path.GetRelativePath(source, file));
                if (!File.Exists(target))
                {
                    new DiskFiles().CreateFolder(Path.GetDirectoryName(target)!, ownerOnly: true);
                    File.Move(file, target);
                }
            }
        }
    }

    private static void Extract(string path, string target, CancellationToken cancellationToken)
    {
        using var archive = ZipFile.OpenRead(path);
        if (archive.GetEntry(Checkpoint) is null)
        {
            throw new InvalidDataException("it holds no checkpoint.");
        }

        foreach (var entry in archive.Entries)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var file = Path.GetFullPath(Path.Combine(target, entry.FullName));
            if (!file.StartsWith(target + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            {
                throw new InvalidDataException($"its entry '{entry.FullName}' leads out of the folder.");
            }

            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using var output = new FileStream(file, options);
            using var input = entry.Open();
            input.CopyTo(output);
            output.Flush(flushToDisk: true);
        }
    }

    private static async ValueTask AddFolderAsync(ZipArchive archive, string name, string folder, string pattern, CancellationToken cancellationToken)
    {
        foreach (var file in Directory.Exists(folder) ? Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories) : [])
        {
            await AddAsync(archive, name + "/" + Path.GetRelativePath(folder, file).Replace('\\', '/'), file, long.MaxValue, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async ValueTask AddAsync(ZipArchive archive, string name, string path, long length, CancellationToken cancellationToken)
    {
        await using var source = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        await using var target = archive.CreateEntry(name, CompressionLevel.Fastest).Open();
        var buffer = new byte[256 * 1024];
        for (var left = length; left > 0;)
        {
            var read = await source.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, left)), cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                break;
            }

            await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
            left -= read;
        }
    }
}
