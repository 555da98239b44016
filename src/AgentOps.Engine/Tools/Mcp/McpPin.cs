using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Serialization;
using ModelContextProtocol.Protocol;

namespace AgentOps.Engine.Tools.Mcp;

/// <summary>The digest of what a server says of a tool: any change of name, description or schemas changes it.</summary>
internal static class McpPin
{
    /// <summary>SHA-256, in hex, over <c>{description, inputSchema, name, outputSchema}</c> with members in order and no white space.</summary>
    public static string Of(Tool tool)
    {
        var json = new JsonObject()
            .With("description", tool.Description)
            .With("inputSchema", Sorted(tool.InputSchema))
            .With("name", tool.Name)
            .With("outputSchema", tool.OutputSchema is { } output ? Sorted(output) : null);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json.ToJsonString())));
    }

    /// <summary>Members in ordinal order, so that a server that orders them anew changes nothing.</summary>
    private static JsonNode? Sorted(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => new JsonObject(element.EnumerateObject()
            .OrderBy(member => member.Name, StringComparer.Ordinal)
            .Select(member => KeyValuePair.Create(member.Name, Sorted(member.Value)))),
        JsonValueKind.Array => new JsonArray([.. element.EnumerateArray().Select(Sorted)]),
        _ => JsonNode.Parse(element.GetRawText()),
    };
}
