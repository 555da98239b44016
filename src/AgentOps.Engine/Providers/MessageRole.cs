namespace AgentOps.Engine.Providers;

/// <summary>Who speaks.</summary>
public enum MessageRole
{
    /// <summary>The operator's instructions.</summary>
    System,

    /// <summary>The person, or the program, that asks.</summary>
    User,

    /// <summary>The model.</summary>
    Assistant,

    /// <summary>What tools returned.</summary>
    Tool,
}
