using System.Text.Json;
using AgentOps.Engine.Serialization;
using AgentOps.Engine.Providers;

namespace AgentOps.Engine.Tools.Http;

/// <summary>The settings of an Http tool: <c>{method, uri, headers, body, allowPrivateNetwork}</c>.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="UriTemplate">The URI with <c>{Name}</c> for an argument; each value is percent-encoded, so it stays in its place.</param>
/// <param name="Headers">Header fields that are always sent.</param>
/// <param name="BodyParameters">The parameters that are sent as a JSON body; none for no body.</param>
/// <param name="AllowPrivateNetwork">Whether the host may resolve to a loopback, link-local or private address.</param>
internal sealed record HttpToolSettings(
    string Method,
    string UriTemplate,
    IReadOnlyDictionary<string, string> Headers,
    IReadOnlyList<string> BodyParameters,
    bool AllowPrivateNetwork)
{
    public static HttpToolSettings FromJson(JsonElement settings) => new(
        settings.Text("method") ?? "GET",
        settings.RequiredText("uri"),
        settings.Object("headers") is { } headers
            ? headers.EnumerateObject().ToDictionary(header => header.Name, header => header.Value.GetString() ?? string.Empty, StringComparer.OrdinalIgnoreCase)
            : new Dictionary<string, string>(),
        settings.Strings("body"),
        settings.Flag("allowPrivateNetwork"));
}
