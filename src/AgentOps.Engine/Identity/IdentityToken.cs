using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Serialization;

namespace AgentOps.Engine.Identity;

/// <summary>
/// What a token says: a JSON Web Token (RFC 7519) signed with ES256, with the chain of actors of OAuth 2.0 Token Exchange
/// (RFC 8693, 4.1): <c>sub</c> is the person for whom all of it is done, <c>act</c> the agent that calls, and within it the agents
/// that delegated to it, the nearest one first. <c>client_id</c> is the agent's name alone (RFC 8693, 4.3).
/// </summary>
internal sealed record IdentityToken
{
    /// <summary>The signature algorithm (RFC 7518, 3.4).</summary>
    public const string Algorithm = "ES256";

    /// <summary>The type in its header (RFC 7519, 5.1).</summary>
    public const string Type = "JWT";

    private const string AgentPrefix = "agent:";

    // Seconds; beyond them there is no date to compare with.
    private static readonly long LatestIssue = (DateTimeOffset.MaxValue - TimeSpan.FromDays(1)).ToUnixTimeSeconds();

    /// <summary>How long a token is valid.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    /// <summary>The workspace: the origin of its ledger.</summary>
    public required string Issuer { get; init; }

    /// <summary>The agent that calls.</summary>
    public required string Agent { get; init; }

    /// <summary>The agents that delegated to it, the first one first.</summary>
    public IReadOnlyList<string> Delegators { get; init; } = [];

    /// <summary>The person for whom it acts.</summary>
    public required string OnBehalfOf { get; init; }

    /// <summary>For whom the token is: the host that it is sent to, or what the tool names.</summary>
    public required string Audience { get; init; }

    /// <summary>The granted resources that the call uses, as policies name them.</summary>
    public required IReadOnlyList<string> Scope { get; init; }

    /// <summary>The session.</summary>
    public required string Session { get; init; }

    /// <summary>The token's own id.</summary>
    public required string Id { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>When it ends.</summary>
    public DateTimeOffset Expires => IssuedAt + Lifetime;

    /// <summary>Signs it, and writes it in the compact form (RFC 7515, 3.1).</summary>
    public string Sign(AgentSigner signer)
    {
        var header = new JsonObject { ["alg"] = Algorithm, ["typ"] = Type, ["kid"] = signer.Id };
        var text = $"{Encode(header)}.{Encode(Claims())}";
        return $"{text}.{Base64Url.EncodeToString(signer.Sign(Encoding.ASCII.GetBytes(text)))}";
    }

    /// <summary>Reads what <see cref="Claims"/> wrote; null for anything else.</summary>
    public static IdentityToken? FromClaims(JsonElement claims)
    {
        var actors = new List<string>();
        for (var actor = claims.Object("act"); actor is { } one; actor = one.Object("act"))
        {
            if (one.Text("sub") is not { } name || !name.StartsWith(AgentPrefix, StringComparison.Ordinal))
            {
                return null;
            }

            actors.Add(name[AgentPrefix.Length..]);
        }

        if (actors.Count == 0 || actors[0] != claims.Text("client_id") || claims.Text("iss") is not { } issuer || claims.Text("sub") is not { } person
            || claims.Text("aud") is not { } audience || claims.Text("session") is not { } session || claims.Text("jti") is not { } id
            || claims.Integer("iat") is not { } issued || issued < 0 || issued > LatestIssue || claims.Integer("nbf") != issued || claims.Integer("exp") != issued + (long)Lifetime.TotalSeconds)
        {
            return null;
        }

        return new IdentityToken
        {
            Issuer = issuer,
            Agent = actors[0],
            Delegators = [.. actors.Skip(1).Reverse()],
            OnBehalfOf = person,
            Audience = audience,
            Scope = claims.Text("scope")?.Split(' ') ?? [],
            Session = session,
            Id = id,
            IssuedAt = DateTimeOffset.FromUnixTimeSeconds(issued),
        };
    }

    private JsonObject Claims()
    {
        JsonObject? actors = null;
        foreach (var agent in Delegators.Append(Agent))
        {
            var actor = new JsonObject { ["sub"] = AgentPrefix + agent };
            if (actors is not null)
            {
                actor["act"] = actors;
            }

            actors = actor;
        }

        var issued = IssuedAt.ToUnixTimeSeconds();
        return new JsonObject
        {
            ["iss"] = Issuer,
            ["sub"] = OnBehalfOf,
            ["client_id"] = Agent,
            ["act"] = actors,
            ["aud"] = Audience,
            ["scope"] = string.Join(' ', Scope),
            ["session"] = Session,
            ["jti"] = Id,
            ["iat"] = issued,
            ["nbf"] = issued,
            ["exp"] = issued + (long)Lifetime.TotalSeconds,
        };
    }

    private static string Encode(JsonObject json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));
}
