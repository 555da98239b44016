using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Serialization;

namespace AgentOps.Engine.Tools.Http;

/// <summary>
/// A secret that an Http tool sends: <c>{secret, in, name, scheme}</c>. It is a reference, resolved for each call, and sent to the
/// tool's own origin only.
/// </summary>
/// <param name="Secret">The reference: <c>env:NAME</c> or <c>vault:NAME</c>.</param>
/// <param name="Place">A header field or the query.</param>
/// <param name="Name">The name of the field, or of the query's member.</param>
/// <param name="Scheme"><c>bearer</c> or <c>basic</c> (the secret is <c>user:password</c>) for HTTP authentication; null to send the secret alone.</param>
internal sealed record HttpCredential(string Secret, HttpPartPlace Place, string Name, string? Scheme)
{
    /// <summary>The places that a credential can be sent in.</summary>
    public static readonly (string Word, HttpPartPlace Value)[] Places = [("header", HttpPartPlace.Header), ("query", HttpPartPlace.Query)];

    /// <summary>The schemes of HTTP authentication that are known.</summary>
    public static readonly (string Word, string? Value)[] Schemes = [("bearer", "bearer"), ("basic", "basic")];

    public static HttpCredential FromJson(JsonElement credential) => new(
        credential.RequiredText("secret"), credential.RequiredEnum<HttpPartPlace>("in"), credential.Text("name") ?? "Authorization", credential.Text("scheme"));

    public JsonObject ToJson() => new JsonObject()
        .With("secret", Secret)
        .With("in", Place == HttpPartPlace.Header ? "header" : "query")
        .With("name", Name)
        .With("scheme", Scheme);

    /// <summary>What is sent for a secret (RFC 6750, RFC 7617).</summary>
    public string Spell(string secret) => Scheme switch
    {
        "bearer" => "Bearer " + secret,
        "basic" => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)),
        _ => secret,
    };
}
