using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using AgentOps.Engine.Invocation;
using AgentOps.Engine.Telemetry;
using AgentOps.Engine.Tests.Invocation;

namespace AgentOps.Engine.Tests.Telemetry;

/// <summary>What a listener in the same process is told of a session, held against what the ledger says of it.</summary>
[Collection(nameof(AloneCollection))]
public sealed class SignalTests
{
    private const string Canary = "canary-in-a-prompt-91c4";

    private const string Rules = """
        - {id: echo, effect: permit, resources: ['tool:Echo']}
        - {id: touch, effect: permit, resources: ['tool:Touch']}
        - {id: ask, effect: require, resources: ['tool:Touch'], obligations: [{approval: {quorum: 1, notRequester: false, timeout: PT5M}}]}
        """;

    [Fact]
    public async Task A_session_is_a_span_with_its_calls_below_it_and_counts_what_the_ledger_counts()
    {
        await using var test = await TestWorkspace.OpenAsync();
        var file = Path.Combine(test.Outside, "touched");
        await test.ImportAsync($$$"""
            - call: {tool: Echo, arguments: {Text: {{{Canary}}}}}
            - call: {tool: Sleep, arguments: {Seconds: 5}}
            - call: {tool: Touch, arguments: {Path: {{{file}}}}}
            - say: "{{tool.Echo}} and done"
            """, Rules);
        using var heard = new Listening();

        var (waiting, _) = await test.InvokeAsync(new InvocationRequest { Agent = "a", Prompt = Canary, NoWait = true, Task = "t" });
        var session = await test.Workspace.Sessions.GetAsync(waiting.Session, CancellationToken.None);
        await test.Workspace.Requests.AnswerAsync(Assert.Single(session.Requests), approves: true, null, CancellationToken.None);
        await foreach (var _ in test.Workspace.Invoker.ResumeAsync(waiting.Session, noWait: false, CancellationToken.None))
        {
        }

        var audit = await test.AuditAsync(waiting.Session);
        var spans = heard.SpansOf(waiting.Session);
        var runs = spans.Where(span => span.DisplayName == "invoke_agent a").ToArray();
        Assert.Equal(["Pending", "Completed"], runs.Select(span => span.GetTagItem("agentops.session.status")));
        var calls = spans.Where(span => span.DisplayName == "chat m").ToArray();
        Assert.Equal(audit.Count(record => record.Type == "model.completed"), calls.Length);
        Assert.All(calls, span => Assert.Equal(ActivityKind.Client, span.Kind));
        Assert.All(calls, span => Assert.Equal("simulated", span.GetTagItem("gen_ai.provider.name")));
        var tools = spans.Where(span => span.DisplayName.StartsWith("execute_tool", StringComparison.Ordinal)).ToArray();
        Assert.Equal(["execute_tool Echo", "execute_tool Touch"], tools.Select(span => span.DisplayName));
        Assert.All(tools, span => Assert.Equal("ok", span.GetTagItem("agentops.outcome")));
        Assert.All(calls.Concat(tools), span => Assert.Contains(runs, run => run.SpanId == span.ParentSpanId && run.TraceId == span.TraceId));
        Assert.Equal("agentops.tool.refused", Assert.Single(runs[0].Events, item => item.Name.StartsWith("agentops.tool", StringComparison.Ordinal)).Name);

        Assert.Equal(2, heard.Sum("agentops.decisions", "agentops.outcome", "allowed"));
        Assert.Equal(1, heard.Sum("agentops.decisions", "agentops.outcome", "refused"));
        Assert.Equal(1, heard.Sum("agentops.decisions", "agentops.outcome", "pending"));
        Assert.Equal(1, heard.Sum("agentops.approvals", "agentops.outcome", "requested"));
        Assert.Equal(1, heard.Sum("agentops.approvals", "agentops.outcome", "approved"));
        Assert.Equal(1, heard.Sum("agentops.approvals", "agentops.outcome", "used"));
        var state = (await test.Workspace.GetStateAsync(CancellationToken.None)).Sessions[waiting.Session];
        Assert.Equal((double)state.Cost, heard.Sum("agentops.spend"), 9);
        Assert.Equal(spans.Sum(span => (long?)span.GetTagItem("gen_ai.usage.input_tokens") ?? 0), heard.Sum("gen_ai.client.token.usage", "gen_ai.token.type", "input"));
        Assert.Equal(calls.Length, heard.Count("gen_ai.client.operation.duration"));
        Assert.DoesNotContain(Canary, heard.Everything(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agent_that_is_called_as_a_tool_hangs_below_its_call()
    {
        await using var test = await TestWorkspace.OpenAsync();
        await test.ImportAsync(
            """
            - {when: go, call: {tool: Ask-B, arguments: {Prompt: sub}}}
            - say: done
            """,
            """
            - {id: all, effect: permit, resources: ['tool:Ask-B', 'agent:b']}
            """,
            tools: """
            apiVersion: agentops/v1
            kind: Agent
            name: b
            route: default
            ---
            apiVersion: agentops/v1
            kind: Tool
            name: Ask-B
            agent: {name: b}
            """,
            toolNames: ["Ask-B"]);
        using var heard = new Listening();

        var (result, events) = await test.InvokeAsync();

        Assert.DoesNotContain(events, item => item.Kind == SessionEventKind.ToolRefused);
        var call = Assert.Single(heard.SpansOf(result.Session), span => span.DisplayName == "execute_tool Ask-B");
        var below = Assert.Single(heard.Spans, span => span.DisplayName == "invoke_agent b" && span.TraceId == call.TraceId);
        Assert.Equal(call.SpanId, below.ParentSpanId);
    }

    [Fact]
    public async Task A_failed_model_call_is_an_error_and_costs_what_the_ledger_says()
    {
        await using var test = await TestWorkspace.OpenAsync();
        await test.ImportAsync("- fault: {kind: invalid-request}", Rules);
        using var heard = new Listening();

        await Assert.ThrowsAnyAsync<Exception>(() => test.InvokeAsync());

        var session = Assert.Single((await test.Workspace.GetStateAsync(CancellationToken.None)).Sessions.Keys);
        Assert.Equal(ActivityStatusCode.Error, Assert.Single(heard.SpansOf(session), span => span.Kind == ActivityKind.Client).Status);
        Assert.Equal("Failed", Assert.Single(heard.SpansOf(session), span => span.DisplayName == "invoke_agent a").GetTagItem("agentops.session.status"));
    }

    /// <summary>Listens as an exporter does, to all of the process: these tests run alone.</summary>
    private sealed class Listening : IDisposable
    {
        private readonly ActivityListener _spans;
        private readonly MeterListener _metrics = new();
        private readonly ConcurrentQueue<(string Name, double Value, KeyValuePair<string, object?>[] Tags)> _measured = new();

        public Listening()
        {
            _spans = new ActivityListener
            {
                ShouldListenTo = source => source.Name == Signals.Name,
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
                ActivityStopped = Spans.Enqueue,
            };
            ActivitySource.AddActivityListener(_spans);
            _metrics.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == Signals.Name)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _metrics.SetMeasurementEventCallback<long>((instrument, value, tags, _) => _measured.Enqueue((instrument.Name, value, tags.ToArray())));
            _metrics.SetMeasurementEventCallback<double>((instrument, value, tags, _) => _measured.Enqueue((instrument.Name, value, tags.ToArray())));
            _metrics.Start();
        }

        public ConcurrentQueue<Activity> Spans { get; } = new();

        public Activity[] SpansOf(string session) => [.. Spans.Where(span => Equals(span.GetTagItem("gen_ai.conversation.id"), session)).OrderBy(span => span.StartTimeUtc)];

        public double Sum(string name, string? tag = null, string? value = null) => Of(name, tag, value).Sum(item => item.Value);

        public int Count(string name) => Of(name, null, null).Count();

        public string Everything() => string.Join('\n',
            Spans.SelectMany(span => span.TagObjects.Concat(span.Events.SelectMany(item => item.Tags)).Select(pair => $"{pair.Key}={Text(pair.Value)}").Prepend(span.DisplayName))
                .Concat(_measured.SelectMany(item => item.Tags.Select(pair => $"{pair.Key}={Text(pair.Value)}"))));

        public void Dispose()
        {
            _spans.Dispose();
            _metrics.Dispose();
        }

        private static string Text(object? value) => value is string[] many ? string.Join(',', many) : value?.ToString() ?? string.Empty;

        private IEnumerable<(string Name, double Value, KeyValuePair<string, object?>[] Tags)> Of(string name, string? tag, string? value) =>
            _measured.Where(item => item.Name == name && (tag is null || item.Tags.Any(pair => pair.Key == tag && Equals(pair.Value, value))));
    }
}
