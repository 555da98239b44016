using System.Diagnostics;
using System.Text;
using AgentOps.Engine.Errors;

namespace AgentOps.Engine.Ledger;

/// <summary>The ledger in a folder.</summary>
internal sealed class FileLedgerBackend(FileLedgerOptions options) : ILedgerBackend
{
    private const long DeriveEvery = 8192;
    private static readonly TimeSpan DeriveAfter = TimeSpan.FromSeconds(2);
    private readonly LedgerFolder folder = new(Path.GetFullPath(options.Path));
    private readonly ILedgerFiles files = options.Files;
    private readonly CancellationTokenSource stopping = new();
    private FileLog? log;
    private FileLock? fileLock;
    private Task derivedWork = Task.CompletedTask;
    private (CommitLine Commit, string Origin, LogPosition End)? toDerive;
    private long derivedSize;
    private long derivedStamp;

    /// <inheritdoc/>
    public string Location => folder.Workspace;

    /// <inheritdoc/>
    public string? Denied { get; private set; }

    /// <inheritdoc/>
    public bool ReadsInSection => true;

    /// <inheritdoc/>
    public bool SealsLater => files is MemoryFiles;

    /// <inheritdoc/>
    public LogPosition Position => Log.Position;

    private FileLog Log => log ?? throw new InvalidOperationException("The backend is not open.");

    /// <inheritdoc/>
    public async ValueTask OpenAsync(CancellationToken cancellationToken)
    {
        Denied = options.ReadOnly ? "It was opened to be read only." : null;
        fileLock = new FileLock(folder.Lock, files, options.LockTimeout);
        if (Denied is null)
        {
            LedgerPlace.Check(folder.Workspace);
            try
            {
                files.CreateFolder(folder.State);
                await using var held = await fileLock.AcquireAsync(cancellationToken).ConfigureAwait(false);
                fileLock.CheckThatItExcludes();
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

        log = new FileLog(folder, files, options.SegmentBytes, canWrite: Denied is null);
    }

    /// <inheritdoc/>
    public ValueTask<bool> HasNewsAsync(CancellationToken cancellationToken) => ValueTask.FromResult(Log.HasNews());

    /// <inheritdoc/>
    public ValueTask<IAsyncDisposable> EnterAsync(CancellationToken cancellationToken) => fileLock!.AcquireAsync(cancellationToken);

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
        if (files.Exists(folder.Checkpoint) || files.Exists(folder.Snapshot))
        {
            throw new AgentOpsException(ErrorCodes.LedgerTampered, $"The log in '{folder.Log}' is gone, and its checkpoint is there.", folder.Log);
        }
    }

    /// <inheritdoc/>
    public ValueTask<SignedNote?> ReadCheckpointAsync() =>
        ValueTask.FromResult(files.TryReadAll(folder.Checkpoint) is { } bytes ? SignedNote.TryParse(Encoding.UTF8.GetString(bytes)) : null);

    /// <inheritdoc/>
    public ValueTask<byte[]?> ReadSnapshotAsync() => ValueTask.FromResult(files.TryReadAll(folder.Snapshot));

    /// <inheritdoc/>
    public ValueTask WriteSnapshotAsync(byte[] snapshot)
    {
        files.Replace(folder.Snapshot, snapshot, durable: false, ownerOnly: true);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public void OnCommitted(LedgerState state)
    {
        toDerive = (state.LastCommit!, state.Origin!, Position);
        if (derivedWork.IsCompleted && (state.Size - derivedSize >= DeriveEvery || Stopwatch.GetElapsedTime(derivedStamp) >= DeriveAfter))
        {
            derivedSize = state.Size;
            derivedStamp = Stopwatch.GetTimestamp();
            derivedWork = Task.Run(() => Derive(stopping.Token));
        }
    }

    /// <summary>Brings tiles and checkpoint up to the newest commit line that this process has seen.</summary>
    public async ValueTask DeriveAsync(LedgerState state)
    {
        await derivedWork.ConfigureAwait(false);
        toDerive = (state.LastCommit!, state.Origin!, Position);
        derivedWork = Task.Run(() => Derive(stopping.Token));
        await derivedWork.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public bool IsUnavailable(Exception exception) => exception is IOException or UnauthorizedAccessException;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await derivedWork.ConfigureAwait(false);
        Derive(CancellationToken.None);
        await stopping.CancelAsync().ConfigureAwait(false);
        stopping.Dispose();
        log?.Dispose();
    }

    private void Derive(CancellationToken cancellationToken)
    {
        if (toDerive is not { } target || Denied is not null)
        {
            return;
        }

        try
        {
            new TileWriter(folder, files).Write(target.Commit, target.Origin, target.End, cancellationToken);
        }
        catch (Exception exception) when (IsUnavailable(exception) || exception is OperationCanceledException or FormatException)
        {
            // What is derived is made again from the log by whoever writes next; a log that does not hold together is found
            // by whoever reads it.
            derivedSize = 0;
        }
    }
}
