namespace AgentOps.Engine.Invocation;

/// <summary>A token with which a client calls a served route in a session of an agent.</summary>
/// <param name="Text">The token itself, a secret: whoever has it acts as the agent.</param>
/// <param name="Id">Its id, as the ledger has it.</param>
/// <param name="Agent">The agent.</param>
/// <param name="Session">The session.</param>
/// <param name="OnBehalfOf">Whom the agent acts for.</param>
/// <param name="Route">The route that may be called.</param>
/// <param name="Expires">When it ends, or the session does, UTC.</param>
public sealed record ServedToken(string Text, string Id, string Agent, string Session, string OnBehalfOf, string Route, DateTimeOffset Expires)
{
    /// <summary>What it is, without the token.</summary>
    public override string ToString() => $"a token of '{Agent}' for the route '{Route}', session {Session}";
}
