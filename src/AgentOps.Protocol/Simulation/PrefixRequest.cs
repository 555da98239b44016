namespace AgentOps.Protocol.Simulation;

/// <summary>Prompts that begin alike.</summary>
// Settable, and not init-only: the source-generated reader would overwrite what the JSON leaves out with zeros.
public sealed record PrefixRequest
{
    /// <summary>Distinct system prompts.</summary>
    public int SystemPrompts { get; set; } = 1;

    /// <summary>Users of each.</summary>
    public int UsersPerPrompt { get; set; } = 1;

    /// <summary>Tokens of a system prompt.</summary>
    public int SystemTokens { get; set; }

    /// <summary>Tokens of a question.</summary>
    public int QuestionTokens { get; set; } = 1;

    /// <summary>Turns of each conversation.</summary>
    public int Turns { get; set; } = 1;

    /// <summary>Whether each user repeats the same prompt.</summary>
    public bool RepeatQuestions { get; set; }

    /// <summary>Seconds between an answer and the next turn.</summary>
    public double PauseSeconds { get; set; }
}
