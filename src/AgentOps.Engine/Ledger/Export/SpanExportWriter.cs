using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentOps.Engine.Ledger;

/// <summary>
/// Spans by OpenTelemetry's conventions for generative AI: <c>invoke_agent</c> a session, <c>chat</c> a model call,
/// <c>execute_tool</c> a tool call. A session is a trace, whose id follows from the ledger and the session, so that
/// exporting twice gives the same spans. What has not ended yet is left out.
/// </summary>
internal sealed class SpanExportWriter(string origin) : IExportWriter
{
    private const int SpansARequest = 200;
    private const int Internal = 1;
    private const int Client = 3;
    private readonly Dictionary<(string Session, string Key), LedgerRecord> _open = [];
    private readonly List<JsonNode?> _spans = [];

    /// <inheritdoc/>
    public void Begin(ByteBuffer output)
    {
    }

    /// <inheritdoc/>
    public void Write(LedgerRecord record, ByteBuffer output)
    {
        if (record.Session is not { } session)
        {
            return;
        }

        switch (record.Type)
        {
            case "session.opened":
                _open[(session, "session")] = record;
                break;
            case "model.requested":
                _open[(session, "model " + GetText(record, "reservation"))] = record;
                break;
            case "tool.started":
                _open[(session, "tool " + GetText(record, "call"))] = record;
                break;
            case "session.ended":
                Close(session, "session", record, "invoke_agent", record.Actor.Agent, Internal);
                break;
            case "model.completed" or "model.failed":
                Close(session, "model " + GetText(record, "reservation"), record, "chat", GetText(record, "model"), Client);
                break;
            case "tool.completed":
                Close(session, "tool " + GetText(record, "call"), record, "execute_tool", GetText(record, "tool"), Internal);
                break;
            default:
                break;
        }

        if (_spans.Count >= SpansARequest)
        {
            End(output);
        }
    }

    /// <inheritdoc/>
    public void End(ByteBuffer output)
    {
        if (_spans.Count == 0)
        {
            return;
        }

        var request = new JsonObject
        {
            ["resourceSpans"] = new JsonArray(new JsonObject
            {
                ["resource"] = new JsonObject { ["attributes"] = new JsonArray(MakeAttribute("service.name", "agentops"), MakeAttribute("agentops.ledger", origin)) },
                ["scopeSpans"] = new JsonArray(new JsonObject { ["scope"] = new JsonObject { ["name"] = "AgentOps.Ledger" }, ["spans"] = new JsonArray([.. _spans]) }),
            }),
        };
        _spans.Clear();
        output.Write(Encoding.UTF8.GetBytes(request.ToJsonString()));
        output.Write("\n"u8);
    }

    private void Close(string session, string key, LedgerRecord end, string operation, string? subject, int kind)
    {
        if (!_open.Remove((session, key), out var start))
        {
            return;
        }

        var attributes = new JsonArray(MakeAttribute("gen_ai.operation.name", operation), MakeAttribute("gen_ai.conversation.id", session));
        AddText(attributes, "gen_ai.agent.name", end.Actor.Agent);
        AddText(attributes, "gen_ai.provider.name", GetText(end, "provider"));
        AddText(attributes, "gen_ai.request.model", operation == "chat" ? GetText(start, "model") : null);
        AddText(attributes, "gen_ai.response.model", operation == "chat" ? GetText(end, "model") : null);
        AddText(attributes, "gen_ai.tool.name", operation == "execute_tool" ? subject : null);
        AddText(attributes, "gen_ai.tool.call.id", operation == "execute_tool" ? GetText(end, "call") : null);
        AddText(attributes, "agentops.cost", GetText(end, "cost"));
        AddNumber(attributes, "gen_ai.usage.input_tokens", end, "inputTokens");
        AddNumber(attributes, "gen_ai.usage.output_tokens", end, "outputTokens");
        attributes.Add((JsonNode)new JsonObject { ["key"] = "agentops.sequence", ["value"] = new JsonObject { ["intValue"] = end.Sequence.ToString(CultureInfo.InvariantCulture) } });
        var error = end.Type == "model.failed" ? GetText(end, "reason") ?? "failed" : GetText(end, "outcome") is { } outcome and not "ok" ? outcome : null;
        AddText(attributes, "error.type", error);
        var span = new JsonObject
        {
            ["traceId"] = GetId(session, 16),
            ["spanId"] = GetId(string.Create(CultureInfo.InvariantCulture, $"{session}/{start.Sequence}"), 8),
            ["name"] = subject is null ? operation : operation + " " + subject,
            ["kind"] = kind,
            ["startTimeUnixNano"] = GetNanoseconds(start.Time),
            ["endTimeUnixNano"] = GetNanoseconds(end.Time),
            ["attributes"] = attributes,
            ["status"] = error is null ? new JsonObject() : new JsonObject { ["code"] = 2, ["message"] = error },
        };
        if (key != "session" && _open.TryGetValue((session, "session"), out var parent))
        {
            span["parentSpanId"] = GetId(string.Create(CultureInfo.InvariantCulture, $"{session}/{parent.Sequence}"), 8);
        }

        _spans.Add(span);
    }

    private static JsonObject MakeAttribute(string key, string value) => new JsonObject { ["key"] = key, ["value"] = new JsonObject { ["stringValue"] = value } };

    private static void AddText(JsonArray attributes, string key, string? value)
    {
        if (value is not null)
        {
            attributes.Add((JsonNode)MakeAttribute(key, value));
        }
    }

    private static void AddNumber(JsonArray attributes, string key, LedgerRecord record, string member)
    {
        if (record.Data.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.Number)
        {
            attributes.Add((JsonNode)new JsonObject { ["key"] = key, ["value"] = new JsonObject { ["intValue"] = value.GetRawText() } });
        }
    }

    private static string? GetText(LedgerRecord record, string member) =>
        record.Data.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string GetNanoseconds(DateTimeOffset time) => ((time.UtcTicks - DateTime.UnixEpoch.Ticks) * 100).ToString(CultureInfo.InvariantCulture);

    private string GetId(string text, int length) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(origin + "/" + text)).AsSpan(0, length));
}
