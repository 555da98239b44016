namespace AgentOps.Engine.Ledger;

/// <summary>Every operation that the file store makes on the disk, so that tests can fail each one.</summary>
internal interface ILedgerFiles
{
    /// <summary>Tells whether a file exists.</summary>
    bool Exists(string path);

    /// <summary>The length of the file that now has this name, or null where there is none.</summary>
    long? TryGetLength(string path);

    /// <summary>Tells whether others than its owner may read or write a file, where the system tells so by its mode.</summary>
    bool IsOpenToOthers(string path);

    /// <summary>Makes a folder and those above it; nothing where it exists.</summary>
    void CreateFolder(string path, bool ownerOnly = false);

    /// <summary>Opens a log file; makes it, and makes its name durable, where there is none and it is to be written.</summary>
    ILogFile OpenLog(string path, bool write);

    /// <summary>Takes the exclusive lock that the file stands for, or gives null where another handle has it.</summary>
    IDisposable? TryLock(string path);

    /// <summary>Reads a whole file, or null where there is none.</summary>
    byte[]? TryReadAll(string path);

    /// <summary>
    /// Writes a file that its owner alone may read, under its own name, and flushes it and the name. What a crash leaves of it must
    /// be known for what it is, as by a name that is the digest of the content.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="content">The content.</param>
    /// <param name="written">Called once any process can read the whole file, before it is flushed.</param>
    void Create(string path, ReadOnlySpan<byte> content, Action? written = null);

    /// <summary>Writes a file under another name and renames it to its own, so that a reader sees the old or the new one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">The content.</param>
    /// <param name="durable">Flushes the file and the rename to the disk.</param>
    /// <param name="ownerOnly">Makes the file with mode 0600.</param>
    void Replace(string path, ReadOnlySpan<byte> content, bool durable, bool ownerOnly = false);

    /// <summary>Removes a file; nothing where there is none.</summary>
    void Delete(string path);
}
