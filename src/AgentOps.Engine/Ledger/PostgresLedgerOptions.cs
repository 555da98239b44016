namespace AgentOps.Engine.Ledger;

/// <summary>How to open a ledger in PostgreSQL.</summary>
public sealed record PostgresLedgerOptions
{
    /// <summary>
    /// <c>postgresql://[user[:password]@][host][:port]/database[/workspace][?host=/socket/folder&amp;sslmode=…]</c>. Without a password,
    /// PGPASSWORD or the password file of libpq is used; without a user, the account's name; without a workspace, <c>default</c>.
    /// </summary>
    public required string Uri { get; init; }

    /// <summary>The folder with this host's copy of the ledger's signing key, <c>ledger.key</c>.</summary>
    public required string KeyFolder { get; init; }

    /// <summary>Who this process acts for; an event may name another agent or person.</summary>
    public required Actor Actor { get; init; }

    /// <summary>Records the database role, as <c>database:role</c>, as the person in place of the actor's own: the server has checked it.</summary>
    public bool ActAsRole { get; init; }

    /// <summary>Takes secrets out of the data of every event, or null.</summary>
    public ISecretRedactor? Redactor { get; init; }

    /// <summary>Opens the ledger without ever writing to it.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>How long to try to reach a server that is away, for example while it restarts.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>A snapshot is written when so many records came after the last one.</summary>
    public long SnapshotEvery { get; init; } = 10_000;
}
