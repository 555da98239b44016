namespace AgentOps.Engine.Ledger;

/// <summary>
/// State that is a projection of the ledger: each record is applied once, in order, under the store's lock.
/// Two hosts that applied the same records have the same state.
/// </summary>
public interface ILedgerProjection
{
    /// <summary>Applies a record. Deterministic: no clock, no file, no random number.</summary>
    /// <param name="record">A record that <see cref="Knows"/> accepted.</param>
    void Apply(LedgerRecord record);

    /// <summary>
    /// Tells whether a type and version of event is known. One that is not makes the store read-only. The store's own
    /// events (<c>ledger.</c>…) are applied only where they are known here.
    /// </summary>
    bool Knows(string type, int version);

    /// <summary>Writes the state for a snapshot.</summary>
    void Save(Stream stream);

    /// <summary>Takes the state from a snapshot that <see cref="Save"/> wrote.</summary>
    /// <exception cref="FormatException">Another version wrote it; the store replays the ledger instead.</exception>
    void Load(Stream stream);

    /// <summary>Forgets everything, as before the first record.</summary>
    void Reset();
}
