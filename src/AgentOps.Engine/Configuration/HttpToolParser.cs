using System.Text.Json.Nodes;
using AgentOps.Engine.Serialization;
using AgentOps.Engine.Tools.Http;

namespace AgentOps.Engine.Configuration;

/// <summary>Reads <c>http</c> of a tool: a request made from a template.</summary>
internal static class HttpToolParser
{
    public static void Parse(YamlMap map, JsonObject settings)
    {
        var headers = new JsonObject();
        foreach (var header in map.GetMap("headers")?.All() ?? [])
        {
            headers.With(header.Name, header.AsString());
        }

        var parts = map.GetMaps("send").Select(part => new HttpPart(
            part.RequireString("parameter"), part.RequireOneOf("in", HttpPart.Places), part.GetString("name") ?? part.RequireString("parameter"), part.GetString("separator")).ToJson()).ToArray();
        settings
            .With("method", map.GetString("method"))
            .With("uri", map.RequireString("uri"))
            .With("headers", headers.Count > 0 ? headers : null)
            .With("body", map.GetStrings("body"))
            .With("send", parts.Length > 0 ? new JsonArray([.. parts]) : null)
            .With("needsBody", map.GetBoolean("needsBody") ?? false)
            .With("contentType", map.GetString("contentType"))
            .With("credentials", ParseCredentials(map))
            .With("allowPrivateNetwork", map.GetBoolean("allowPrivateNetwork") ?? false)
            .With("identity", map.GetBoolean("identity") ?? false)
            .With("audience", map.GetString("audience"));
    }

    /// <summary>Reads <c>credentials</c>: secrets that are sent, by reference; null where there are none.</summary>
    public static JsonArray? ParseCredentials(YamlMap map)
    {
        var credentials = map.GetMaps("credentials").Select(credential => (JsonNode)new HttpCredential(
            credential.RequireString("secret"), credential.GetOneOf("in", HttpCredential.Places, HttpPartPlace.Header), credential.GetString("name") ?? "Authorization", credential.GetOneOf("scheme", HttpCredential.Schemes, null)).ToJson()).ToArray();
        return credentials.Length > 0 ? [.. credentials] : null;
    }
}
