namespace AgentOps.Engine.Routing;

/// <summary>A provider's account as the router sees it: its circuit, and how much of its credit and commitment is spent.</summary>
internal sealed class AccountState(TargetCircuit circuit)
{
    private readonly Lock _gate = new();
    private decimal _spent;

    public TargetCircuit Circuit => circuit;

    public decimal Spent
    {
        get
        {
            lock (_gate)
            {
                return _spent;
            }
        }
    }

    public void Spend(decimal amount)
    {
        if (amount > 0)
        {
            lock (_gate)
            {
                _spent += amount;
            }
        }
    }

    public void Reset()
    {
        lock (_gate)
        {
            _spent = 0;
        }

        circuit.Close();
    }
}
