namespace AgentOps.Engine.Providers.Simulated;

/// <summary>The faults that a scenario can script.</summary>
public enum ScenarioFaultKind
{
    /// <summary>429, to be retried.</summary>
    RateLimit,

    /// <summary>429 that says that credit or quota is used up.</summary>
    Quota,

    /// <summary>503, or 529 in Anthropic's protocol.</summary>
    Overloaded,

    /// <summary>500.</summary>
    ServerError,

    /// <summary>401.</summary>
    Authentication,

    /// <summary>400.</summary>
    InvalidRequest,

    /// <summary>400: the prompt was filtered.</summary>
    ContentFilter,

    /// <summary>400: the conversation is too long.</summary>
    ContextLength,

    /// <summary>Nothing more comes, and the connection stays open.</summary>
    Stall,

    /// <summary>The connection breaks.</summary>
    TornStream,

    /// <summary>An error event in the middle of a stream that began well.</summary>
    StreamError,

    /// <summary>Tool arguments that are no JSON.</summary>
    MalformedArguments,
}
