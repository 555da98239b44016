namespace AgentOps.Engine.Tools;

/// <summary>What a call of the tool does to the world.</summary>
public enum SideEffect
{
    /// <summary>It only reads.</summary>
    None,

    /// <summary>It changes something that its compensation can change back.</summary>
    Reversible,

    /// <summary>It changes something for good. The default: what is not declared is taken for the worst.</summary>
    Irreversible,
}
