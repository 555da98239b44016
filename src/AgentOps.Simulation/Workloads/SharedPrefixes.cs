namespace AgentOps.Simulation.Workloads;

/// <summary>Prompts that begin alike: system prompts, each with several users.</summary>
/// <param name="SystemPrompts">Distinct system prompts.</param>
/// <param name="UsersPerPrompt">Distinct continuations of each.</param>
/// <param name="SystemTokens">Tokens of a system prompt.</param>
/// <param name="QuestionTokens">Tokens of what follows it.</param>
/// <param name="Turns">Turns of each conversation; each turn's prompt holds all before it.</param>
/// <param name="RepeatsQuestions">
/// Whether a user sends the same prompt each time, so that it is fully cached after the first; else only the system prompt is shared.
/// </param>
/// <param name="Pause">Time a user takes between an answer and the next turn.</param>
public sealed record SharedPrefixes(
    int SystemPrompts,
    int UsersPerPrompt,
    int SystemTokens,
    int QuestionTokens,
    int Turns = 1,
    bool RepeatsQuestions = false,
    TimeSpan Pause = default);
