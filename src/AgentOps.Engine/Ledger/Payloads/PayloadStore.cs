using AgentOps.Engine.Errors;

namespace AgentOps.Engine.Ledger;

/// <summary>
/// Payloads (prompts, output of tools) beside the ledger, which records only their references. A reference is
/// <c>sha256:</c> and the SHA-256, lowercase hexadecimal, of the file: 16 random bytes, the salt, and the payload. So a
/// payload that was erased can't be guessed from the reference that stays in the ledger.
/// </summary>
public sealed class PayloadStore : IPayloadStore
{
    private readonly LedgerFolder _folder;
    private readonly ILedgerFiles _files;

    /// <summary>Opens the payloads of a workspace.</summary>
    /// <param name="workspace">The folder of the workspace; the payloads lie in its folder <c>blobs</c>.</param>
    public PayloadStore(string workspace)
        : this(workspace, new DiskFiles())
    {
    }

    internal PayloadStore(string workspace, ILedgerFiles files)
    {
        _folder = new LedgerFolder(Path.GetFullPath(workspace));
        _files = files;
    }

    /// <inheritdoc/>
    public async ValueTask<string> PutAsync(ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var write = Begin(payload);
        await write.Kept.ConfigureAwait(false);
        return write.Reference;
    }

    /// <inheritdoc/>
    public PayloadWrite Begin(ReadOnlyMemory<byte> payload)
    {
        var (digest, content) = SaltedPayload.Make(payload.Span);
        if (_files is MemoryFiles)
        {
            Write(digest, content, written: null);
            return new PayloadWrite(SaltedPayload.Prefix + digest, Task.CompletedTask, Task.CompletedTask);
        }

        var readable = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var kept = Task.Run(() => Write(digest, content, readable.SetResult));
        return new PayloadWrite(SaltedPayload.Prefix + digest, FirstAsync(readable.Task, kept), kept);

        // Where the write fails, it fails before anything can be read.
        static async Task FirstAsync(Task readable, Task kept) => await (await Task.WhenAny(readable, kept).ConfigureAwait(false)).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask<byte[]> GetAsync(string reference, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reference);
        cancellationToken.ThrowIfCancellationRequested();
        var digest = SaltedPayload.ReadReference(reference);
        return ValueTask.FromResult(SaltedPayload.Open(reference, _files.TryReadAll(GetPath(digest))));
    }

    /// <summary>Erases the payloads that were written before a time.</summary>
    internal long EraseOlderThan(DateTimeOffset olderThan, CancellationToken cancellationToken)
    {
        var count = 0L;
        if (!Directory.Exists(_folder.Blobs))
        {
            return 0;
        }

        foreach (var file in new DirectoryInfo(_folder.Blobs).EnumerateFiles("*", SearchOption.AllDirectories))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (file.LastWriteTimeUtc < olderThan.UtcDateTime)
            {
                _files.Delete(file.FullName);
                count += file.Name.Length == 64 ? 1 : 0;
            }
        }

        return count;
    }

    private void Write(string digest, byte[] content, Action? written)
    {
        try
        {
            var path = GetPath(digest);
            _files.CreateFolder(_folder.Blobs, ownerOnly: true);
            _files.CreateFolder(Path.GetDirectoryName(path)!);
            _files.Create(path, content, written);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new AgentOpsException(ErrorCodes.StoreUnavailable, $"A payload can't be written in '{_folder.Blobs}': {exception.Message}", _folder.Blobs, innerException: exception);
        }
    }

    private string GetPath(string digest) => Path.Combine(_folder.Blobs, digest[..2], digest);
}
