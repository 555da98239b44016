namespace AgentOps.Engine.Permissions;

/// <summary>A condition under <c>when</c>; all of a rule's conditions must hold.</summary>
public abstract record Condition
{
    private protected Condition()
    {
    }
}
