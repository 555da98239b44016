using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Serialization;
using AgentOps.Engine.Providers;

namespace AgentOps.Engine.Tools.Http;

/// <summary>
/// The settings of an Http tool: <c>{method, uri, headers, body, send, needsBody, contentType, credentials, allowPrivateNetwork}</c>; <c>identity</c>
/// and <c>audience</c> are those of <see cref="Engine.Identity.IdentitySettings"/>.
/// </summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="UriTemplate">The URI with <c>{Name}</c> for an argument; each value is percent-encoded, so it stays in its place.</param>
/// <param name="Headers">Header fields that are always sent.</param>
/// <param name="Parts">The arguments that are sent elsewhere than in the address; <c>body</c> is short for members of the same names.</param>
/// <param name="NeedsBody">Whether a body is sent even when no argument of it is given.</param>
/// <param name="ContentType">The media type of the body.</param>
/// <param name="Credentials">Secrets that are sent, by reference.</param>
/// <param name="AllowPrivateNetwork">Whether the host may resolve to a loopback, link-local or private address.</param>
internal sealed record HttpToolSettings(
    string Method,
    string UriTemplate,
    IReadOnlyDictionary<string, string> Headers,
    IReadOnlyList<HttpPart> Parts,
    bool NeedsBody,
    string ContentType,
    IReadOnlyList<HttpCredential> Credentials,
    bool AllowPrivateNetwork)
{
    private const string Json = "application/json";

    public static HttpToolSettings FromJson(JsonElement settings) => new(
        settings.Text("method") ?? "GET",
        settings.RequiredText("uri"),
        settings.Object("headers") is { } headers
            ? headers.EnumerateObject().ToDictionary(header => header.Name, header => header.Value.GetString() ?? string.Empty, StringComparer.OrdinalIgnoreCase)
            : new Dictionary<string, string>(),
        [.. settings.Strings("body").Select(name => new HttpPart(name, HttpPartPlace.Member, name)), .. settings.Items("send").Select(HttpPart.FromJson)],
        settings.Flag("needsBody"),
        settings.Text("contentType") ?? Json,
        [.. settings.Items("credentials").Select(HttpCredential.FromJson)],
        settings.Flag("allowPrivateNetwork"));

    /// <summary>The settings as a definition carries them.</summary>
    public JsonElement ToJson()
    {
        var headers = new JsonObject(Headers.Select(header => KeyValuePair.Create(header.Key, (JsonNode?)header.Value)));
        using var document = JsonDocument.Parse(new JsonObject()
            .With("method", Method)
            .With("uri", UriTemplate)
            .With("headers", headers.Count > 0 ? headers : null)
            .With("send", Parts.Count > 0 ? new JsonArray([.. Parts.Select(part => part.ToJson())]) : null)
            .With("needsBody", NeedsBody)
            .With("contentType", ContentType == Json ? null : ContentType)
            .With("credentials", Credentials.Count > 0 ? new JsonArray([.. Credentials.Select(credential => credential.ToJson())]) : null)
            .With("allowPrivateNetwork", AllowPrivateNetwork)
            .ToJsonString());
        return document.RootElement.Clone();
    }
}
