using System.Text.Json;
using AgentOps.Engine.Tests.Providers;

namespace AgentOps.Engine.Tests.Tools;

/// <summary>A server of the Model Context Protocol over HTTP with one tool, <c>one</c>, which says the same each time.</summary>
internal static class LoopbackMcp
{
    /// <summary>What answers each of its requests.</summary>
    /// <param name="said">What the tool says.</param>
    public static Func<LoopbackServer.Received, Stream, CancellationToken, Task> Says(string said) => (request, stream, ct) =>
    {
        using var document = request.Body.Length > 0 ? JsonDocument.Parse(request.Body) : null;
        var body = document?.RootElement ?? default;
        if (body.ValueKind != JsonValueKind.Object || !body.TryGetProperty("id", out var id))
        {
            return LoopbackServer.Raw("HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")(request, stream, ct);
        }

        var result = body.GetProperty("method").GetString() switch
        {
            "tools/call" => $$"""{"content":[{"type":"text","text":"{{said}}"}]}""",
            "initialize" => $$"""{"protocolVersion":{{body.GetProperty("params").GetProperty("protocolVersion").GetRawText()}},"capabilities":{"tools":{} },"serverInfo":{"name":"s","version":"1"} }""",
            "tools/list" => """{"tools":[{"name":"one","inputSchema":{"type":"object"} }]}""",
            _ => null,
        };
        var outcome = result is null ? "\"error\":{\"code\":-32601,\"message\":\"no such method\"}" : $"\"result\":{result}";
        return LoopbackServer.Answer(200, $$"""{"jsonrpc":"2.0","id":{{id.GetRawText()}},{{outcome}} }""")(request, stream, ct);
    };
}
