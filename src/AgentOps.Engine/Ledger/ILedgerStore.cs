namespace AgentOps.Engine.Ledger;

/// <summary>An append-only ledger and the state projected from it. Safe for any number of threads, processes and, where the store offers it, hosts.</summary>
public interface ILedgerStore : IAsyncDisposable
{
    /// <summary>The folder, or <c>postgresql://host/database/workspace</c> without a password.</summary>
    string Location { get; }

    /// <summary>Tells whether nothing can be appended.</summary>
    bool IsReadOnly { get; }

    /// <summary>Why nothing can be appended, or null.</summary>
    string? ReadOnlyReason { get; }

    /// <summary>How many records have been applied to the projection.</summary>
    long Size { get; }

    /// <summary>Catches up with what other processes appended.</summary>
    /// <exception cref="Errors.AgentOpsException">LedgerTampered, StoreBusy, StoreUnavailable.</exception>
    ValueTask RefreshAsync(CancellationToken cancellationToken);

    /// <summary>Appends events as one unit; they are durable when it returns.</summary>
    /// <returns>The records, with sequence and time.</returns>
    /// <exception cref="Errors.AgentOpsException">LedgerReadOnly, LedgerTampered, LedgerValueInvalid, LedgerRecordTooLarge, StoreBusy, StoreUnavailable.</exception>
    ValueTask<IReadOnlyList<LedgerRecord>> AppendAsync(IReadOnlyList<NewEvent> events, CancellationToken cancellationToken);

    /// <summary>
    /// Decides in the critical section, the projection caught up with every record before, those of decisions in the
    /// same batch included. What the decision adds is appended as one unit and is durable when this returns; nothing is
    /// appended when it throws. The decision must be quick, must not block and must not call the store.
    /// </summary>
    /// <exception cref="Errors.AgentOpsException">As <see cref="AppendAsync"/>; LedgerReadOnly only where the decision adds events.</exception>
    ValueTask<T> TransactAsync<T>(Func<LedgerTransaction, T> decide, CancellationToken cancellationToken);

    /// <summary>Reads records, oldest first unless the query says otherwise.</summary>
    IAsyncEnumerable<LedgerRecord> ReadAsync(LedgerQuery query, CancellationToken cancellationToken);

    /// <summary>Checks every hash and signature, and the proof from an anchor where one is given.</summary>
    ValueTask<LedgerVerification> VerifyAsync(LedgerVerificationOptions options, CancellationToken cancellationToken);

    /// <summary>Gives the signed statement of the newest size and root that this process has seen.</summary>
    LedgerCheckpoint GetCheckpoint();

    /// <summary>Replaces the signing key: the batch that names the new key is the last one that the old key signs.</summary>
    /// <returns>The new verifier key, to be pinned elsewhere: <c>name+keyid+base64</c>.</returns>
    /// <exception cref="Errors.AgentOpsException">LedgerReadOnly, StoreBusy, StoreUnavailable.</exception>
    ValueTask<string> RotateKeyAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Erases the payloads that were written before a time, and records how many. Their references, salted hashes, stay in the
    /// ledger, which holds together as before.
    /// </summary>
    /// <returns>How many were erased.</returns>
    /// <exception cref="Errors.AgentOpsException">LedgerReadOnly, StoreBusy, StoreUnavailable.</exception>
    ValueTask<long> ErasePayloadsAsync(DateTimeOffset olderThan, CancellationToken cancellationToken);

    /// <summary>Proves that a record is in the ledger (C2SP tlog-proof: index, hashes, checkpoint). <see cref="LedgerProof"/> verifies it.</summary>
    /// <exception cref="Errors.AgentOpsException">LedgerRecordNotFound.</exception>
    ValueTask<string> GetInclusionProofAsync(long sequence, CancellationToken cancellationToken);

    /// <summary>Proves that the ledger continues an older checkpoint (as C2SP tlog-witness takes it: old size, hashes, checkpoint).</summary>
    /// <param name="oldCheckpoint">The signed note kept from then.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="Errors.AgentOpsException">LedgerAnchorInvalid: it is no checkpoint, or one of another ledger. LedgerTampered: the ledger does not continue it.</exception>
    ValueTask<string> GetConsistencyProofAsync(string oldCheckpoint, CancellationToken cancellationToken);
}
