namespace AgentOps.Engine.Routing;

/// <summary>A provider's account as the router sees it: its circuit, and how much of its credit and commitment is spent.</summary>
internal sealed class AccountState(TargetCircuit circuit)
{
    private readonly Lock gate = new();
    private decimal spent;

    public TargetCircuit Circuit => circuit;

    public decimal Spent
    {
        get
        {
            lock (gate)
            {
                return spent;
            }
        }
    }

    public void Spend(decimal amount)
    {
        if (amount > 0)
        {
            lock (gate)
            {
                spent += amount;
            }
        }
    }

    public void Reset()
    {
        lock (gate)
        {
            spent = 0;
        }

        circuit.Close();
    }
}
