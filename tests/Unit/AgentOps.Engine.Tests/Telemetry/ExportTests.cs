using System.Diagnostics;
using System.Text;
using AgentOps.Engine.Tests.Invocation;
using AgentOps.Engine.Tests.Providers;

namespace AgentOps.Engine.Tests.Telemetry;

/// <summary>A process whose environment asks for it sends what it does to a real receiver of OTLP over HTTP.</summary>
public sealed class ExportTests
{
    private const string Canary = "canary-in-an-argument-4d1e";

    [Fact]
    public async Task A_receiver_gets_spans_and_metrics_and_nothing_secret()
    {
        await using var test = await TestWorkspace.OpenAsync();
        await test.ImportAsync(
            $$$"""
            - call: {tool: Echo, arguments: {Text: {{{Canary}}}}}
            - say: done
            """,
            "- {id: all, effect: permit, resources: ['tool:Echo']}");
        using var receiver = new LoopbackServer(LoopbackServer.Answer(200, string.Empty, "application/x-protobuf"));

        var session = await RunAsync(test.Folder, receiver.Uri);

        var spans = Sent(receiver, "/v1/traces").SelectMany(request => request.Messages(1, 2, 2)).ToArray();
        var run = Assert.Single(spans, span => span.Text(5) == "invoke_agent a");
        Assert.Contains(run.Messages(9), pair => pair.Text(1) == "gen_ai.conversation.id" && pair.Messages(2).Single().Text(1) == session);
        Assert.Equal(2, spans.Count(span => span.Text(5) == "chat m"));
        Assert.Single(spans, span => span.Text(5) == "execute_tool Echo");
        Assert.All(spans.Where(span => span != run), span => Assert.Equal(run.Bytes(2), span.Bytes(4)));
        var names = Sent(receiver, "/v1/metrics").SelectMany(request => request.Messages(1, 2, 2)).Select(metric => metric.Text(1)).ToHashSet();
        Assert.Superset(new HashSet<string> { "gen_ai.client.token.usage", "gen_ai.client.operation.duration", "agentops.decisions", "agentops.spend", "agentops.sessions" }, names);
        var resource = Sent(receiver, "/v1/traces").First().Messages(1, 1, 1).ToDictionary(pair => pair.Text(1), pair => pair.Messages(2).Single().Text(1));
        Assert.Equal("night-shift", resource["service.name"]);
        Assert.All(receiver.Requests, request => Assert.DoesNotContain(Canary, Encoding.UTF8.GetString(request.Content), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_being_asked_a_process_loads_nothing_of_it()
    {
        await using var test = await TestWorkspace.OpenAsync();
        await test.ImportAsync("- say: done", "- {id: none, effect: forbid, resources: ['tool:*']}");
        Assert.NotEmpty(await RunAsync(test.Folder, receiver: null));
    }

    private static IEnumerable<Protobuf> Sent(LoopbackServer receiver, string path) =>
        receiver.Requests.Where(request => request.Path == path).Select(request => Protobuf.Read(request.Content));

    /// <summary>Runs the agent in a process of its own; gives the session's id.</summary>
    private static async Task<string> RunAsync(string folder, Uri? receiver)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "AgentOps.Ledger.Worker.dll"), "telemetry", folder, "a" },
            Environment =
            {
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver?.ToString(),
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
                ["OTEL_SERVICE_NAME"] = "night-shift",
            },
        };
        using var worker = Process.Start(start)!;
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var said = await worker.StandardOutput.ReadToEndAsync(limit.Token);
        await worker.WaitForExitAsync(limit.Token);
        var lines = said.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(receiver is null ? "loaded: no" : "loaded: yes", lines[^1]);
        return lines.First(line => line.StartsWith("Opened ", StringComparison.Ordinal)).Split(' ')[1];
    }
}
