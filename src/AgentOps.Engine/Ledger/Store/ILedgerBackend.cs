namespace AgentOps.Engine.Ledger;

/// <summary>
/// Where the lines of a ledger lie, and the exclusive section between all processes that write them. The core calls it
/// from one thread at a time.
/// </summary>
internal interface ILedgerBackend : IAsyncDisposable
{
    /// <summary>The place, without a password.</summary>
    string Location { get; }

    /// <summary>Why this process may not write here, or null. Known once <see cref="OpenAsync"/> has returned.</summary>
    string? Denied { get; }

    /// <summary>Tells whether reading on wants the exclusive section, as it does where a process may leave a torn end behind.</summary>
    bool ReadsInSection { get; }

    /// <summary>
    /// Tells whether a batch may stand without its commit line until someone asks for what is signed: so where nobody else can read
    /// and nothing outlives the process.
    /// </summary>
    bool SealsLater => false;

    /// <summary>The place after the last commit line that was taken in.</summary>
    LogPosition Position { get; }

    /// <summary>Gets ready, and learns whether the place can be written.</summary>
    ValueTask OpenAsync(CancellationToken cancellationToken);

    /// <summary>Tells quickly whether there are lines that were not taken in; true where that is not sure.</summary>
    ValueTask<bool> HasNewsAsync(CancellationToken cancellationToken);

    /// <summary>Enters the exclusive section, until the result is disposed of.</summary>
    ValueTask<IAsyncDisposable> EnterAsync(CancellationToken cancellationToken);

    /// <summary>Takes in what stands after <see cref="Position"/>, and cuts what stands beyond the last commit line.</summary>
    /// <returns>What was cut, or null.</returns>
    ValueTask<TornTail?> CatchUpAsync(LedgerState state, CancellationToken cancellationToken);

    /// <summary>Appends a sealed batch; it is durable when this returns.</summary>
    ValueTask AppendAsync(BatchBuilder batch);

    /// <summary>Takes back a batch whose <see cref="AppendAsync"/> failed.</summary>
    /// <returns>False when it is not known whether the batch was kept.</returns>
    ValueTask<bool> UndoAsync();

    /// <summary>Goes to a place, whose commit line is known; to the beginning with the default and no line.</summary>
    void Seek(LogPosition position, byte[] commitLine);

    /// <summary>Tells whether a commit line stands before a place.</summary>
    ValueTask<bool> HoldsAsync(LogPosition position, byte[] commitLine);

    /// <summary>Checks that a ledger may be made here, where there is none.</summary>
    void CheckThatItIsNew();

    /// <summary>Gives the newest checkpoint that was written beside the log, or null.</summary>
    ValueTask<SignedNote?> ReadCheckpointAsync();

    /// <summary>Reads the snapshot, or gives null.</summary>
    ValueTask<byte[]?> ReadSnapshotAsync();

    /// <summary>Keeps a snapshot.</summary>
    ValueTask WriteSnapshotAsync(byte[] snapshot);

    /// <summary>Told after every batch, so that what is derived can be written.</summary>
    void OnCommitted(LedgerState state);

    /// <summary>Tells whether an exception is the place's own failure, not a fault of the ledger or the caller.</summary>
    bool IsUnavailable(Exception exception);
}
