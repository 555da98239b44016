using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Serialization;

namespace AgentOps.Engine.Identity;

/// <summary>The public half of a key with which an agent proves who it is: P-256, for ES256 (RFC 7518, 3.4).</summary>
/// <param name="Id">Its thumbprint, base64url of SHA-256 (RFC 7638).</param>
/// <param name="X">The x coordinate, base64url of 32 bytes.</param>
/// <param name="Y">The y coordinate, base64url of 32 bytes.</param>
/// <param name="Added">When it was recorded, UTC.</param>
/// <param name="Retired">When it was replaced, UTC; null while it signs.</param>
public sealed record AgentKey(string Id, string X, string Y, DateTimeOffset Added, DateTimeOffset? Retired = null)
{
    /// <summary>Whether tokens that it signed may still be in use.</summary>
    /// <param name="now">The time, UTC.</param>
    public bool Verifies(DateTimeOffset now) => Retired is not { } retired || now < retired + IdentityToken.Lifetime;

    /// <summary>The key as a JSON Web Key (RFC 7517), with the agent whose it is.</summary>
    internal JsonObject ToJsonWebKey(string agent) => new()
    {
        ["kty"] = "EC",
        ["crv"] = "P-256",
        ["x"] = X,
        ["y"] = Y,
        ["use"] = "sig",
        ["alg"] = IdentityToken.Algorithm,
        ["kid"] = Id,
        ["agent"] = agent,
    };

    internal JsonObject ToJson() => new JsonObject()
        .With("kid", Id)
        .With("x", X)
        .With("y", Y)
        .With("added", (long?)Added.UtcTicks)
        .With("retired", Retired?.UtcTicks);

    internal static AgentKey FromJson(JsonElement element) => new(
        element.RequiredText("kid"),
        element.RequiredText("x"),
        element.RequiredText("y"),
        new DateTimeOffset(element.Integer("added") ?? 0, TimeSpan.Zero),
        element.Integer("retired") is { } retired ? new DateTimeOffset(retired, TimeSpan.Zero) : null);
}
