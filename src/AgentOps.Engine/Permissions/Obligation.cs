namespace AgentOps.Engine.Permissions;

/// <summary>What a matching <c>require</c> demands before or after the call.</summary>
public abstract record Obligation
{
    private protected Obligation()
    {
    }
}
