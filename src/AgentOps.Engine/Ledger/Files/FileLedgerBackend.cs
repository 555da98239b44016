using System.Diagnostics;
using System.Text;
using AgentOps.Engine.Errors;

namespace AgentOps.Engine.Ledger;

/// <summary>The ledger in a folder.</summary>
internal sealed class FileLedgerBackend(FileLedgerOptions options) : ILedgerBackend
{
    private const long DeriveEvery = 8192;
    private static readonly TimeSpan DeriveAfter = TimeSpan.FromSeconds(2);
    private readonly LedgerFolder _folder = new(Path.GetFullPath(options.Path));
    private readonly ILedgerFiles _files = options.Files;
    private readonly CancellationTokenSource _stopping = new();
    private FileLog? _log;
    private FileLock? _fileLock;
    private Task _derivedWork = Task.CompletedTask;
    private (CommitLine Commit, string Origin, LogPosition End)? _toDerive;
    private long _derivedSize;
    private long _derivedStamp;

    /// <inheritdoc/>
    public string Location => _folder.Workspace;

    /// <inheritdoc/>
    public string? Denied { get; private set; }

    /// <inheritdoc/>
    public bool ReadsInSection => true;

    /// <inheritdoc/>
    public bool SealsLater => _files is MemoryFiles;

    /// <inheritdoc/>
    public LogPosition Position => Log.Position;

    private FileLog Log => _log ?? throw new InvalidOperationException("The backend is not open.");

    /// <inheritdoc/>
    public async ValueTask OpenAsync(CancellationToken cancellationToken)
    {
        Denied = options.ReadOnly ? "It was opened to be read only." : null;
        _fileLock = new FileLock(_folder.Lock, _files, options.LockTimeout);
        if (Denied is null)
        {
            LedgerPlace.Check(_folder.Workspace);
            try
            {
                _files.CreateFolder(_folder.State);
                await using var held = await _fileLock.AcquireAsync(cancellationToken).ConfigureAwait(false);
                _fileLock.CheckThatItExcludes();
            }
            catch (UnauthorizedAccessException)
            {
                Denied = "This account may not write its folder.";
            }
            catch (IOException exception) when (exception.HResult == 30)
            {
                Denied = "Its file system is mounted to be read only.";
            }
        }

        _log = new FileLog(_folder, _files, options.SegmentBytes, canWrite: Denied is null);
    }

    /// <inheritdoc/>
    public ValueTask<bool> HasNewsAsync(CancellationToken cancellationToken) => ValueTask.FromResult(Log.HasNews());

    /// <inheritdoc/>
    public ValueTask<IAsyncDisposable> EnterAsync(CancellationToken cancellationToken) => _fileLock!.AcquireAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask<TornTail?> CatchUpAsync(LedgerState state, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Log.CatchUp(state, isLocked: Denied is null));

    /// <inheritdoc/>
    public ValueTask AppendAsync(BatchBuilder batch)
    {
        Log.Append(batch.Bytes.Span, batch.Lines, batch.CommitLength);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<bool> UndoAsync()
    {
        Log.Undo();
        return ValueTask.FromResult(true);
    }

    /// <inheritdoc/>
    public void Seek(LogPosition position, byte[] commitLine) => Log.Seek(position, commitLine);

    /// <inheritdoc/>
    public ValueTask<bool> HoldsAsync(LogPosition position, byte[] commitLine) => ValueTask.FromResult(Log.Holds(position, commitLine));

    /// <inheritdoc/>
    public void CheckThatItIsNew()
    {
        if (_files.Exists(_folder.Checkpoint) || _files.Exists(_folder.Snapshot))
        {
            throw new AgentOpsException(ErrorCodes.LedgerTampered, $"The log in '{_folder.Log}' is gone, and its checkpoint is there.", _folder.Log);
        }
    }

    /// <inheritdoc/>
    public ValueTask<SignedNote?> ReadCheckpointAsync() =>
        ValueTask.FromResult(_files.TryReadAll(_folder.Checkpoint) is { } bytes ? SignedNote.TryParse(Encoding.UTF8.GetString(bytes)) : null);

    /// <inheritdoc/>
    public ValueTask<byte[]?> ReadSnapshotAsync() => ValueTask.FromResult(_files.TryReadAll(_folder.Snapshot));

    /// <inheritdoc/>
    public ValueTask WriteSnapshotAsync(byte[] snapshot)
    {
        _files.Replace(_folder.Snapshot, snapshot, durable: false, ownerOnly: true);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public void OnCommitted(LedgerState state)
    {
        _toDerive = (state.LastCommit!, state.Origin!, Position);
        if (_derivedWork.IsCompleted && (state.Size - _derivedSize >= DeriveEvery || Stopwatch.GetElapsedTime(_derivedStamp) >= DeriveAfter))
        {
            _derivedSize = state.Size;
            _derivedStamp = Stopwatch.GetTimestamp();
            _derivedWork = Task.Run(() => Derive(_stopping.Token));
        }
    }

    /// <summary>Brings tiles and checkpoint up to the newest commit line that this process has seen.</summary>
    public async ValueTask DeriveAsync(LedgerState state)
    {
        await _derivedWork.ConfigureAwait(false);
        _toDerive = (state.LastCommit!, state.Origin!, Position);
        _derivedWork = Task.Run(() => Derive(_stopping.Token));
        await _derivedWork.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public bool IsUnavailable(Exception exception) => exception is IOException or UnauthorizedAccessException;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _derivedWork.ConfigureAwait(false);
        Derive(CancellationToken.None);
        await _stopping.CancelAsync().ConfigureAwait(false);
        _stopping.Dispose();
        _log?.Dispose();
    }

    private void Derive(CancellationToken cancellationToken)
    {
        if (_toDerive is not { } target || Denied is not null)
        {
            return;
        }

        try
        {
            new TileWriter(_folder, _files).Write(target.Commit, target.Origin, target.End, cancellationToken);
        }
        catch (Exception exception) when (IsUnavailable(exception) || exception is OperationCanceledException or FormatException)
        {
            // What is derived is made again from the log by whoever writes next; a log that does not hold together is found
            // by whoever reads it.
            _derivedSize = 0;
        }
    }
}
