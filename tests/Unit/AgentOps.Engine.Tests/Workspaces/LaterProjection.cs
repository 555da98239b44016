using AgentOps.Engine.Ledger;

namespace AgentOps.Engine.Tests.Workspaces;

/// <summary>Stands in for a later version: it knows every type of event, and keeps nothing.</summary>
internal sealed class LaterProjection : ILedgerProjection
{
    public bool Knows(string type, int version) => true;

    public void Apply(LedgerRecord record)
    {
    }

    public void Save(Stream stream)
    {
    }

    public void Load(Stream stream)
    {
    }

    public void Reset()
    {
    }
}
