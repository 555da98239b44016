namespace AgentOps.Engine.Ledger;

/// <summary>The tables: plain SQL, so that the distributed engines that speak PostgreSQL's protocol serve too.</summary>
internal static class PostgresSchema
{
    /// <summary>Makes the tables where they are missing. The columns beside a record's line only serve queries; the line is what is signed.</summary>
    public static readonly string[] Statements =
    [
        """
        CREATE TABLE IF NOT EXISTS agentops_workspace (
            name text PRIMARY KEY,
            size bigint NOT NULL,
            commit_line text NOT NULL)
        """,
        """
        CREATE TABLE IF NOT EXISTS agentops_record (
            workspace text NOT NULL,
            seq bigint NOT NULL,
            time text NOT NULL,
            type text NOT NULL,
            agent text,
            session text,
            task text,
            line bytea NOT NULL,
            PRIMARY KEY (workspace, seq))
        """,
        """
        CREATE TABLE IF NOT EXISTS agentops_commit (
            workspace text NOT NULL,
            size bigint NOT NULL,
            line text NOT NULL,
            PRIMARY KEY (workspace, size))
        """,
        """
        CREATE TABLE IF NOT EXISTS agentops_snapshot (
            workspace text PRIMARY KEY,
            body bytea NOT NULL)
        """,
        """
        CREATE TABLE IF NOT EXISTS agentops_payload (
            workspace text NOT NULL,
            digest text NOT NULL,
            time text NOT NULL,
            content bytea NOT NULL,
            PRIMARY KEY (workspace, digest))
        """,
        "CREATE INDEX IF NOT EXISTS agentops_record_session ON agentops_record (workspace, session, seq)",
        "CREATE INDEX IF NOT EXISTS agentops_record_agent ON agentops_record (workspace, agent, seq)",
    ];

    /// <summary>Takes the row of a workspace: whoever has it is alone in the critical section until its transaction ends.</summary>
    public const string TakeRow = "SELECT size, commit_line FROM agentops_workspace WHERE name = $1 FOR UPDATE";

    /// <summary>Makes the row of a workspace.</summary>
    public const string MakeRow = "INSERT INTO agentops_workspace (name, size, commit_line) VALUES ($1, 0, '') ON CONFLICT (name) DO NOTHING";

    /// <summary>Reads how long a workspace's ledger is.</summary>
    public const string ReadSize = "SELECT size, commit_line FROM agentops_workspace WHERE name = $1";

    /// <summary>Notes the newest commit line.</summary>
    public const string SetRow = "UPDATE agentops_workspace SET size = $2, commit_line = $3 WHERE name = $1";

    /// <summary>Adds the records of a batch.</summary>
    public const string AddRecords = """
        INSERT INTO agentops_record (workspace, seq, time, type, agent, session, task, line)
        SELECT $1, r.seq, r.time, r.type, r.agent, r.session, r.task, r.line
        FROM unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bytea[]) AS r (seq, time, type, agent, session, task, line)
        """;

    /// <summary>Adds the commit line of a batch.</summary>
    public const string AddCommit = "INSERT INTO agentops_commit (workspace, size, line) VALUES ($1, $2, $3)";

    /// <summary>Reads the commit line of a size.</summary>
    public const string ReadCommit = "SELECT line FROM agentops_commit WHERE workspace = $1 AND size = $2";

    /// <summary>Reads the commit lines after a size, up to a size.</summary>
    public const string ReadCommits = "SELECT size, line FROM agentops_commit WHERE workspace = $1 AND size > $2 AND size <= $3 ORDER BY size";

    /// <summary>Reads the records from a sequence on, before a sequence.</summary>
    public const string ReadRecords = "SELECT line FROM agentops_record WHERE workspace = $1 AND seq >= $2 AND seq < $3 ORDER BY seq";

    /// <summary>Reads the snapshot.</summary>
    public const string ReadSnapshot = "SELECT body FROM agentops_snapshot WHERE workspace = $1";

    /// <summary>Keeps a snapshot.</summary>
    public const string WriteSnapshot = "INSERT INTO agentops_snapshot (workspace, body) VALUES ($1, $2) ON CONFLICT (workspace) DO UPDATE SET body = excluded.body";

    /// <summary>Tells followers that there is more.</summary>
    public const string Notify = "SELECT pg_notify($1, $2)";

    /// <summary>Keeps a payload.</summary>
    public const string AddPayload = "INSERT INTO agentops_payload (workspace, digest, time, content) VALUES ($1, $2, $3, $4) ON CONFLICT (workspace, digest) DO NOTHING";

    /// <summary>
    /// Adds a payload that a record is about to name. It waits for no flush: the server's log keeps its order, so the record, which is flushed,
    /// is never durable without it.
    /// </summary>
    public const string AddPayloadBeforeRecord = """
        WITH unflushed AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))
        INSERT INTO agentops_payload (workspace, digest, time, content) SELECT $1, $2, $3, $4 FROM unflushed ON CONFLICT (workspace, digest) DO NOTHING
        """;

    /// <summary>Reads a payload.</summary>
    public const string ReadPayload = "SELECT content FROM agentops_payload WHERE workspace = $1 AND digest = $2";

    /// <summary>Erases payloads.</summary>
    public const string ErasePayloads = "DELETE FROM agentops_payload WHERE workspace = $1 AND time < $2";
}
