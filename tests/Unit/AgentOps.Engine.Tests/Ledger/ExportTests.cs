using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using AgentOps.Engine.Ledger;

namespace AgentOps.Engine.Tests.Ledger;

public sealed class ExportTests : IDisposable
{
    private readonly LedgerFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task Jsonl_is_byte_for_byte_what_is_signed()
    {
        await using var store = await OpenAsync();
        var exported = await ExportAsync(store, LedgerExportFormat.Jsonl);
        var signed = (await File.ReadAllLinesAsync(_fixture.Segment)).Where(line => !line.StartsWith('#'));
        Assert.Equal(string.Join('\n', signed) + "\n", exported);
    }

    [Fact]
    public async Task Csv_quotes_and_defuses()
    {
        await using var store = await OpenAsync();
        var lines = (await ExportAsync(store, LedgerExportFormat.Csv)).Split("\r\n");
        Assert.Equal("sequence,time,type,version,agent,onBehalfOf,host,process,session,task,data", lines[0]);
        Assert.Contains(",'=HYPERLINK(1),", lines[2], StringComparison.Ordinal);
        Assert.EndsWith("\"{\"\"n\"\":1,\"\"text\"\":\"\"a,b\"\"}\"", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ocsf_has_what_its_class_demands()
    {
        await using var store = await OpenAsync();
        foreach (var line in (await ExportAsync(store, LedgerExportFormat.Ocsf)).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var node = JsonNode.Parse(line)!.AsObject();
            foreach (var member in new[] { "activity_id", "actor", "api", "category_uid", "class_uid", "metadata", "severity_id", "src_endpoint", "time", "type_uid" })
            {
                Assert.True(node.ContainsKey(member), member);
            }

            Assert.Equal((int)node["class_uid"]! * 100 + (int)node["activity_id"]!, (int)node["type_uid"]!);
        }
    }

    [Fact]
    public async Task Spans_follow_the_conventions_and_are_sent()
    {
        await using var store = await OpenAsync();
        using var client = new HttpClient(new Collector());
        Assert.Equal(1, await OtlpSender.SendAsync(store, new LedgerQuery(), client, new Uri("http://collector.example:4318/"), CancellationToken.None));
        var spans = JsonNode.Parse(Collector.Body!)!["resourceSpans"]![0]!["scopeSpans"]![0]!["spans"]!.AsArray();
        Assert.Equal(["chat m-1", "execute_tool Get-Item", "invoke_agent watcher"], spans.Select(span => (string)span!["name"]!));
        Assert.Single(spans.Select(span => (string)span!["traceId"]!).Distinct());
        var chat = spans[0]!["attributes"]!.AsArray().ToDictionary(item => (string)item!["key"]!, item => item!["value"]!);
        Assert.Equal("chat", (string)chat["gen_ai.operation.name"]!["stringValue"]!);
        Assert.Equal("12", (string)chat["gen_ai.usage.input_tokens"]!["intValue"]!);
        Assert.Equal((string)spans[2]!["spanId"]!, (string)spans[0]!["parentSpanId"]!);
    }

    private static async Task<string> ExportAsync(FileLedgerStore store, LedgerExportFormat format)
    {
        var output = new MemoryStream();
        await LedgerExporter.ExportAsync(store, format, new LedgerQuery(), output, CancellationToken.None);
        return Encoding.UTF8.GetString(output.ToArray());
    }

    private async Task<FileLedgerStore> OpenAsync()
    {
        var store = await _fixture.OpenAsync(new EverythingProjection());
        await store.AppendAsync([LedgerFixture.Event(1, "a,b") with { Agent = "=HYPERLINK(1)" }], CancellationToken.None);
        foreach (var (type, data) in new (string, JsonObject)[]
        {
            ("session.opened", []),
            ("model.requested", new() { ["step"] = 1, ["model"] = "m-1" }),
            ("model.completed", new() { ["step"] = 1, ["provider"] = "p", ["model"] = "m-1", ["inputTokens"] = 12, ["outputTokens"] = 3, ["cost"] = "0.1" }),
            ("tool.started", new() { ["call"] = "c1", ["tool"] = "Get-Item" }),
            ("tool.completed", new() { ["call"] = "c1", ["tool"] = "Get-Item", ["outcome"] = "ok" }),
            ("session.ended", new() { ["status"] = "Completed" }),
        })
        {
            await store.AppendAsync([new NewEvent(type, 1, data) { Session = "s", Agent = "watcher" }], CancellationToken.None);
        }

        return store;
    }

    private sealed class EverythingProjection : ILedgerProjection
    {
        public void Apply(LedgerRecord record)
        {
        }

        public bool Knows(string type, int version) => true;

        public void Save(Stream stream)
        {
        }

        public void Load(Stream stream)
        {
        }

        public void Reset()
        {
        }
    }

    private sealed class Collector : HttpMessageHandler
    {
        public static string? Body { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Assert.Equal("http://collector.example:4318/v1/traces", request.RequestUri!.ToString());
            Body = await request.Content!.ReadAsStringAsync(cancellationToken);
            return new HttpResponseMessage(HttpStatusCode.OK);
        }
    }
}
