namespace AgentOps.Engine.Ledger;

/// <summary>The real disk.</summary>
internal sealed class DiskFiles : ILedgerFiles
{
    private const UnixFileMode OwnerOnlyFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    // Asked once: what one instance creates lies below one folder.
    private bool? _keepsNames;

    /// <inheritdoc/>
    public bool Exists(string path) => File.Exists(path);

    /// <inheritdoc/>
    public long? TryGetLength(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : null;

    /// <inheritdoc/>
    public bool IsOpenToOthers(string path) => OperatingSystem.IsWindows()
        ? WindowsAccess.IsOpenToOthers(path)
        : (File.GetUnixFileMode(path) & ~OwnerOnlyFile) != 0;

    /// <inheritdoc/>
    public void CreateFolder(string path, bool ownerOnly = false)
    {
        if (!ownerOnly)
        {
            Directory.CreateDirectory(path);
        }
        else if (OperatingSystem.IsWindows())
        {
            WindowsAccess.CreateFolder(path);
        }
        else
        {
            Directory.CreateDirectory(path, OwnerOnlyFile | UnixFileMode.UserExecute);
        }
    }

    /// <inheritdoc/>
    public ILogFile OpenLog(string path, bool write)
    {
        if (!write)
        {
            return new DiskLogFile(File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        }

        var isNew = !File.Exists(path);
        var handle = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        if (isNew)
        {
            FolderSync.Flush(Path.GetDirectoryName(path)!);
        }

        return new DiskLogFile(handle);
    }

    /// <inheritdoc/>
    public IDisposable? TryLock(string path)
    {
        try
        {
            // FileShare.None is a share mode on Windows and flock elsewhere: it excludes other handles of this
            // process as well as other processes, and the system takes it back when the process dies.
            return File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (IsHeldElsewhere(exception))
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public byte[]? TryReadAll(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Create(string path, ReadOnlySpan<byte> content, Action? written = null)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnlyFile;
        }

        using (var stream = new FileStream(path, options))
        {
            stream.Write(content);
            written?.Invoke();
            stream.Flush(flushToDisk: true);
        }

        _keepsNames ??= LedgerPlace.KeepsNamesWithFiles(Path.GetDirectoryName(path)!);
        if (_keepsNames is false)
        {
            FolderSync.Flush(Path.GetDirectoryName(path)!);
        }
    }

    /// <inheritdoc/>
    public void Replace(string path, ReadOnlySpan<byte> content, bool durable, bool ownerOnly = false)
    {
        var temporary = path + ".new";
        using (var stream = ownerOnly ? CreateOwnerOnly(temporary) : new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0))
        {
            stream.Write(content);
            if (durable)
            {
                stream.Flush(flushToDisk: true);
            }
        }

        File.Move(temporary, path, overwrite: true);
        if (durable)
        {
            FolderSync.Flush(Path.GetDirectoryName(path)!);
        }
    }

    /// <inheritdoc/>
    public void Delete(string path) => File.Delete(path);

    // EWOULDBLOCK is 11 on Linux and 35 on macOS; ERROR_SHARING_VIOLATION and ERROR_LOCK_VIOLATION on Windows.
    private static bool IsHeldElsewhere(IOException exception) =>
        exception.HResult is 11 or 35 or unchecked((int)0x80070020) or unchecked((int)0x80070021);

    private static FileStream CreateOwnerOnly(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return WindowsAccess.CreateFile(path);
        }

        File.Delete(path);
        return new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0, UnixCreateMode = OwnerOnlyFile });
    }
}
