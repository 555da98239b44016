namespace AgentOps.Engine.Tools.Http;

/// <summary>Where an argument of an Http tool goes, besides the address itself.</summary>
internal enum HttpPartPlace
{
    /// <summary>The query of the address.</summary>
    Query,

    /// <summary>A header field.</summary>
    Header,

    /// <summary>A member of the JSON object that is the body.</summary>
    Member,

    /// <summary>The whole body, as JSON.</summary>
    Content,
}
