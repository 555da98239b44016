namespace AgentOps.Engine.Providers;

/// <summary>What went wrong at a provider, as far as it matters for what to do next.</summary>
public enum FaultKind
{
    /// <summary>Too many requests or tokens for now (429); another try may pass.</summary>
    RateLimited,

    /// <summary>Credit, quota or a spend limit is used up: no retry helps until it is topped up.</summary>
    QuotaExhausted,

    /// <summary>The provider is overloaded (503, 529).</summary>
    Overloaded,

    /// <summary>The provider failed (5xx).</summary>
    ServerError,

    /// <summary>The credential is missing, wrong, or has no right to the model.</summary>
    Authentication,

    /// <summary>The caller is known, and may not do this; providers' own refusals of a right are <see cref="Authentication"/>.</summary>
    Forbidden,

    /// <summary>The provider knows no such model or deployment.</summary>
    ModelNotFound,

    /// <summary>The request is malformed or not supported.</summary>
    InvalidRequest,

    /// <summary>The conversation is too long for the model.</summary>
    ContextTooLong,

    /// <summary>The vendor's content filter refused the prompt.</summary>
    ContentFiltered,

    /// <summary>The provider could not be reached.</summary>
    Unreachable,

    /// <summary>Nothing came for too long.</summary>
    TimedOut,

    /// <summary>The answer broke off before its end.</summary>
    Interrupted,

    /// <summary>The answer isn't in the protocol's form.</summary>
    Protocol,
}
