namespace AgentOps.Engine.Tests.Ledger;

/// <summary>A test that wants a PostgreSQL server; skipped, and seen to be skipped, where its programs are not installed.</summary>
internal sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute() => Skip = PostgresServer.Programs is null ? "PostgreSQL's server programs are not on this machine." : null;
}
