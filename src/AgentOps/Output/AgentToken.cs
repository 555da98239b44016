using System.Security;
using AgentOps.Engine.Invocation;

namespace AgentOps.Output;

/// <summary>A token with which a client calls a served route as an agent.</summary>
public sealed record AgentToken
{
    /// <summary>The agent.</summary>
    public required string Agent { get; init; }

    /// <summary>The session in which the client acts.</summary>
    public required string Session { get; init; }

    /// <summary>The route that it opens.</summary>
    public required string Route { get; init; }

    /// <summary>Whom the agent acts for.</summary>
    public required string OnBehalfOf { get; init; }

    /// <summary>When it ends, UTC.</summary>
    public required DateTimeOffset Expires { get; init; }

    /// <summary>The token's id, as the ledger has it.</summary>
    public required string Id { get; init; }

    /// <summary>The token itself: whoever has it acts as the agent. <c>ConvertFrom-SecureString -AsPlainText</c> shows it.</summary>
    public required SecureString Token { get; init; }

    internal static AgentToken From(ServedToken token)
    {
        var secret = new SecureString();
        foreach (var letter in token.Text)
        {
            secret.AppendChar(letter);
        }

        secret.MakeReadOnly();
        return new AgentToken
        {
            Agent = token.Agent,
            Session = token.Session,
            Route = token.Route,
            OnBehalfOf = token.OnBehalfOf,
            Expires = token.Expires,
            Id = token.Id,
            Token = secret,
        };
    }
}
