using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Identity;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Serialization;
using AgentOps.Engine.Tools.Http;

namespace AgentOps.Engine.Tools.Mcp;

/// <summary>
/// The settings of an Mcp tool: <c>{command: […], environment: {…}}</c> for a server that is a child process and speaks over its
/// standard streams, or <c>{uri, allowPrivateNetwork, credentials, identity, audience}</c> for one over streamable HTTP; <c>tool</c>, its name there; <c>pin</c>, the
/// digest of what the server said of it when it was registered.
/// </summary>
/// <param name="Command">The program and its arguments; none for a server over HTTP.</param>
/// <param name="Environment">Environment variables of the server; a value <c>env:NAME</c> or <c>vault:NAME</c> is a reference to a secret.</param>
/// <param name="Uri">The address; null for a child process.</param>
/// <param name="AllowPrivateNetwork">Whether the host may resolve to a loopback, link-local or private address.</param>
/// <param name="Credentials">Secrets that a server over HTTP is sent in header fields, by reference.</param>
/// <param name="Identity">Whether a server over HTTP is told who calls.</param>
/// <param name="Tool">The tool's name at the server.</param>
/// <param name="Pin">SHA-256, in hex, over the tool's name, description and schemas.</param>
internal sealed record McpToolSettings(
    IReadOnlyList<string> Command,
    IReadOnlyDictionary<string, string> Environment,
    Uri? Uri,
    bool AllowPrivateNetwork,
    IReadOnlyList<HttpCredential> Credentials,
    IdentitySettings Identity,
    string Tool,
    string Pin)
{
    /// <summary>What tells one server from another; tools of the same server share a connection.</summary>
    public string ServerKey => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ServerJson().ToJsonString())));

    private static bool IsField(string name) => name.Length > 0 && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_')
        && !HttpCall.IsOwnField(name)
        && !name.StartsWith("mcp-", StringComparison.OrdinalIgnoreCase);

    /// <summary>Why the credentials can't stand with the rest, fit for an administrator to read; null when they can. No secret is quoted.</summary>
    public string? CredentialProblem() =>
        Credentials.Count == 0 ? null
        : Uri is null ? "it sends credentials to a program; give them in its environment"
        : Credentials.Any(credential => credential.Place != HttpPartPlace.Header || !IsField(credential.Name)) ? "a credential of a server is sent in a header field, and none of HTTP's own"
        : Credentials.Any(credential => !SecretReference.IsReference(credential.Secret) || credential.Scheme is not (null or "bearer" or "basic")) ? "a credential is a reference such as env:NAME, with the scheme bearer, basic or none"
        : Credentials.GroupBy(credential => credential.Name, StringComparer.OrdinalIgnoreCase).Any(field => field.Count() > 1) ? "it sends two credentials in the same header field"
        : Identity.IsSent && Credentials.Any(credential => credential.Name.Equals("Authorization", StringComparison.OrdinalIgnoreCase)) ? "it sends a credential and its identity in the same header field, 'Authorization'"
        : !AllowPrivateNetwork && Uri.Scheme != Uri.UriSchemeHttps ? "its credential would be sent in the clear; its address must begin with https"
        : null;

    public static McpToolSettings FromJson(JsonElement settings) => new(
        settings.Strings("command"),
        settings.Object("environment") is { } environment
            ? environment.EnumerateObject().ToDictionary(member => member.Name, member => member.Value.GetString() ?? string.Empty, StringComparer.Ordinal)
            : new Dictionary<string, string>(),
        settings.Text("uri") is { } uri ? new Uri(uri, UriKind.Absolute) : null,
        settings.Flag("allowPrivateNetwork"),
        [.. settings.Items("credentials").Select(HttpCredential.FromJson)],
        IdentitySettings.FromJson(settings),
        settings.Text("tool") ?? string.Empty,
        settings.Text("pin") ?? string.Empty);

    public JsonElement ToJson()
    {
        using var document = JsonDocument.Parse(ServerJson().With("tool", Tool).With("pin", Pin).ToJsonString());
        return document.RootElement.Clone();
    }

    private JsonObject ServerJson()
    {
        var environment = new JsonObject();
        foreach (var (name, value) in Environment.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            environment.With(name, value);
        }

        return new JsonObject()
            .With("command", Command)
            .With("environment", environment.Count > 0 ? environment : null)
            .With("uri", Uri?.AbsoluteUri)
            .With("allowPrivateNetwork", AllowPrivateNetwork)
            .With("credentials", Credentials.Count > 0 ? new JsonArray([.. Credentials.Select(credential => credential.ToJson())]) : null)
            .With("identity", Identity.IsSent)
            .With("audience", Identity.Audience);
    }
}
