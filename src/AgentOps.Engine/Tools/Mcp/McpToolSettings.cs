using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Identity;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Serialization;

namespace AgentOps.Engine.Tools.Mcp;

/// <summary>
/// The settings of an Mcp tool: <c>{command: […], environment: {…}}</c> for a server that is a child process and speaks over its
/// standard streams, or <c>{uri, allowPrivateNetwork, identity, audience}</c> for one over streamable HTTP; <c>tool</c>, its name there; <c>pin</c>, the
/// digest of what the server said of it when it was registered.
/// </summary>
/// <param name="Command">The program and its arguments; none for a server over HTTP.</param>
/// <param name="Environment">Environment variables of the server; a value <c>env:NAME</c> or <c>vault:NAME</c> is a reference to a secret.</param>
/// <param name="Uri">The address; null for a child process.</param>
/// <param name="AllowPrivateNetwork">Whether the host may resolve to a loopback, link-local or private address.</param>
/// <param name="Identity">Whether a server over HTTP is told who calls.</param>
/// <param name="Tool">The tool's name at the server.</param>
/// <param name="Pin">SHA-256, in hex, over the tool's name, description and schemas.</param>
internal sealed record McpToolSettings(
    IReadOnlyList<string> Command,
    IReadOnlyDictionary<string, string> Environment,
    Uri? Uri,
    bool AllowPrivateNetwork,
    IdentitySettings Identity,
    string Tool,
    string Pin)
{
    /// <summary>What tells one server from another; tools of the same server share a connection.</summary>
    public string ServerKey => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ServerJson().ToJsonString())));

    public static McpToolSettings FromJson(JsonElement settings) => new(
        settings.Strings("command"),
        settings.Object("environment") is { } environment
            ? environment.EnumerateObject().ToDictionary(member => member.Name, member => member.Value.GetString() ?? string.Empty, StringComparer.Ordinal)
            : new Dictionary<string, string>(),
        settings.Text("uri") is { } uri ? new Uri(uri, UriKind.Absolute) : null,
        settings.Flag("allowPrivateNetwork"),
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
            .With("identity", Identity.IsSent)
            .With("audience", Identity.Audience);
    }
}
