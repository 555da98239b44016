namespace AgentOps.Protocol.Simulation;

/// <summary>Prompts that begin alike.</summary>
public sealed record PrefixRequest
{
    /// <summary>Distinct system prompts.</summary>
    public int SystemPrompts { get; init; } = 1;

    /// <summary>Users of each.</summary>
    public int UsersPerPrompt { get; init; } = 1;

    /// <summary>Tokens of a system prompt.</summary>
    public int SystemTokens { get; init; }

    /// <summary>Tokens of a question.</summary>
    public int QuestionTokens { get; init; } = 1;

    /// <summary>Turns of each conversation.</summary>
    public int Turns { get; init; } = 1;

    /// <summary>Whether each user repeats the same prompt.</summary>
    public bool RepeatQuestions { get; init; }

    /// <summary>Seconds between an answer and the next turn.</summary>
    public double PauseSeconds { get; init; }
}
