namespace AgentOps.Engine.Tests.Ledger;

public enum StoreKind
{
    File,
    Postgres,
}
