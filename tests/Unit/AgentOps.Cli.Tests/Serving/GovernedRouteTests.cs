using System.Globalization;
using System.Net;
using System.Text.Json;
using AgentOps.Cli.Serving;
using AgentOps.Engine.Ledger;
using static AgentOps.Cli.Tests.Serving.ServedAgent;

namespace AgentOps.Cli.Tests.Serving;

/// <summary>A workspace's route served to any client: recorded, within its budgets, by data class, to whoever knows the key.</summary>
public class GovernedRouteTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_call_is_recorded_with_its_usage_and_its_labels(bool stream)
    {
        await using var served = await GovernedRoute.StartAsync(Plain);
        using var response = await served.SendAsync("hi", stream,
            (ServedGate.DataClassHeader, "Confidential"), (ServedGate.TaskHeader, "INC-7"), (ServedGate.SessionHeader, "chat 3"));
        Assert.Contains("Hello.", string.Concat((await response.Content.ReadAsStringAsync()).Split("\"content\":\"").Skip(1)), StringComparison.Ordinal);
        var call = Assert.Single(await served.CallsAsync(1));
        Assert.Equal(("model.completed", "INC-7", null), (call.Type, call.Task, call.Session));
        Assert.Equal(("chat", "scripted", "m", "confidential", "chat 3"), (Text(call, "route"), Text(call, "provider"), Text(call, "model"), Text(call, "dataClass"), Text(call, "label")));
        Assert.Equal((20, 9, false, 0.029m), (Number(call, "inputTokens"), Number(call, "outputTokens"), Estimated(call), Cost(call)));
    }

    [Fact]
    public async Task A_budget_stops_calls_with_its_reason_and_without_a_retry()
    {
        await using var served = await GovernedRoute.StartAsync(Plain);
        await served.SetBudgetAsync(0.1m);
        var refused = 0;
        for (var call = 0; call < 6; call++)
        {
            using var response = await served.SendAsync("hi", stream: call % 2 == 0);
            var body = await response.Content.ReadAsStringAsync();
            if (response.StatusCode == HttpStatusCode.OK)
            {
                Assert.Equal(0, refused);
                continue;
            }

            refused++;
            Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
            Assert.Equal("false", response.Headers.GetValues("x-should-retry").Single());
            var error = JsonDocument.Parse(body).RootElement.GetProperty("error");
            Assert.Equal(("insufficient_quota", "insufficient_quota"), (error.GetProperty("type").GetString(), error.GetProperty("code").GetString()));
            Assert.Contains("the budget 'b'", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        }

        Assert.InRange(refused, 1, 5);
        var calls = await served.CallsAsync(6);
        var use = await served.UseAsync();
        Assert.Equal((0.029m * (6 - refused), 0m), (use.Spent, use.Reserved));
        Assert.Equal((refused, 0m), (calls.Count(call => call.Type == "model.failed"), calls.Where(call => call.Type == "model.failed").Sum(Cost)));
    }

    [Fact]
    public async Task A_budget_of_a_task_holds_for_the_calls_that_name_it()
    {
        await using var served = await GovernedRoute.StartAsync(Plain);
        await served.SetBudgetAsync(0.01m, "dear");
        using var other = await served.SendAsync("hi", stream: false, (ServedGate.TaskHeader, "cheap"));
        using var dear = await served.SendAsync("hi", stream: false, (ServedGate.TaskHeader, "dear"));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.TooManyRequests), (other.StatusCode, dear.StatusCode));
    }

    [Fact]
    public async Task Calls_at_once_never_pass_a_budget_together()
    {
        await using var served = await GovernedRoute.StartAsync(Plain);
        await served.SetBudgetAsync(0.2m);
        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(async _ =>
        {
            using var response = await served.SendAsync("hi", stream: true);
            await response.Content.ReadAsStringAsync();
            return response.StatusCode;
        }));
        Assert.All(answers, status => Assert.True(status is HttpStatusCode.OK or HttpStatusCode.TooManyRequests, status.ToString()));
        var use = await served.UseAsync();
        Assert.Equal((0.029m * answers.Count(status => status == HttpStatusCode.OK), 0m), (use.Spent, use.Reserved));
        Assert.InRange(use.Spent!.Value, 0.029m, 0.2m);
    }

    [Theory]
    [InlineData(null, HttpStatusCode.BadRequest, "secret")]
    [InlineData("secret", HttpStatusCode.BadRequest, "secret")]
    [InlineData("internal", HttpStatusCode.OK, null)]
    [InlineData("PUBLIC", HttpStatusCode.OK, null)]
    [InlineData("top-secret", HttpStatusCode.BadRequest, "names no data class")]
    public async Task The_data_class_fails_closed(string? dataClass, HttpStatusCode expected, string? told)
    {
        await using var served = await GovernedRoute.StartAsync(Plain, clearance: "internal");
        using var response = dataClass is null ? await served.SendAsync("hi", false) : await served.SendAsync("hi", false, (ServedGate.DataClassHeader, dataClass));
        Assert.Equal(expected, response.StatusCode);
        Assert.Contains(told ?? "Hello.", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ServedGate.TaskHeader, "")]
    [InlineData(ServedGate.DataClassHeader, "")]
    [InlineData(ServedGate.SessionHeader, "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789")]
    public async Task A_label_that_makes_no_sense_is_refused(string header, string value)
    {
        await using var served = await GovernedRoute.StartAsync(Plain);
        using var response = await served.SendAsync("hi", false, (header, value));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(header, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty(await served.CallsAsync(0));
    }

    [Theory]
    [InlineData("/v1/chat/completions", """{"model":"m","messages":[{"role":"user","content":"\ud83d"}]}""")]
    [InlineData("/v1/messages", """{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"\ud83d"}]}""")]
    [InlineData("/v1beta/models/m:generateContent", """{"contents":[{"parts":[{"text":"\ud83d"}]}]}""")]
    [InlineData("/model/m/converse", """{"messages":[{"role":"user","content":[{"text":"\ud83d"}]}]}""")]
    public async Task Half_of_a_character_is_the_callers_mistake(string path, string body)
    {
        await using var served = await GovernedRoute.StartAsync(Plain);
        using var response = await served.PostAsync(path, body);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("no Unicode", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_the_key_opens_it()
    {
        const string Key = "correct horse battery staple";
        await using var served = await GovernedRoute.StartAsync(Plain, key: Key);
        foreach (var (header, value) in new[]
        {
            ("Authorization", "Bearer wrong"), ("Authorization", "Basic " + Key), ("Authorization", "Bearer " + Key[..^1]), ("Authorization", "Bearer "),
            ("x-api-key", Key + "r"), ("X-Other", Key),
        })
        {
            using var refused = await served.SendAsync("hi", false, (header, value));
            var body = await refused.Content.ReadAsStringAsync();
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
            Assert.Equal("invalid_api_key", JsonDocument.Parse(body).RootElement.GetProperty("error").GetProperty("code").GetString());
            Assert.DoesNotContain("horse", body, StringComparison.Ordinal);
        }

        using var models = await served.GetAsync("/v1/models");
        Assert.Equal(HttpStatusCode.Unauthorized, models.StatusCode);
        Assert.Empty(await served.CallsAsync(0));

        foreach (var (header, value) in new[] { ("Authorization", "Bearer " + Key), ("x-api-key", Key), ("api-key", Key), ("x-goog-api-key", Key) })
        {
            using var open = await served.SendAsync("hi", false, (header, value));
            Assert.Equal(HttpStatusCode.OK, open.StatusCode);
        }
    }

    [Fact]
    public async Task Without_a_key_no_web_page_is_served_and_never_batches()
    {
        await using var served = await GovernedRoute.StartAsync(Plain);
        using var page = await served.SendAsync("hi", false, ("Origin", "https://pages.example"));
        Assert.Equal(HttpStatusCode.Unauthorized, page.StatusCode);
        using var batches = await served.GetAsync("/v1/batches/batch_1");
        Assert.Equal(HttpStatusCode.NotFound, batches.StatusCode);
        Assert.Empty(await served.CallsAsync(0));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_that_leaves_is_charged_an_estimate_of_what_came(bool stream)
    {
        var model = new HeardModel();
        await using var served = await GovernedRoute.StartAsync(Plain, model: model);
        await served.SetBudgetAsync(10);
        var asked = served.SendAsync("hi", stream);
        if (stream)
        {
            using var response = await asked;
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
            for (var line = 0; line < 10; line++)
            {
                await reader.ReadLineAsync();
            }
        }
        else
        {
            // Nothing is sent before the whole answer is there, which takes 80 seconds: only the model knows that it has begun.
            await model.Heard;
            Assert.False(asked.IsCompleted);
            served.Leave();
        }

        var call = Assert.Single(await served.CallsAsync(1));
        Assert.Equal(("model.failed", "Cancelled", true), (call.Type, Text(call, "stop"), Estimated(call)));
        Assert.InRange(Number(call, "outputTokens"), 1, 3990);
        var use = await served.UseAsync();
        Assert.Equal((Cost(call), 0m), (use.Spent, use.Reserved));
        Assert.True(use.Spent > 0);
    }

    [Fact]
    public async Task A_server_that_stops_settles_the_calls_under_way()
    {
        using var stopping = new CancellationTokenSource();
        await using var served = await GovernedRoute.StartAsync(Slow, stopping: stopping.Token);
        await served.SetBudgetAsync(10);
        using var response = await served.SendAsync("hi", stream: true);
        await stopping.CancelAsync();
        var call = Assert.Single(await served.CallsAsync(1));
        Assert.Equal(("model.failed", true), (call.Type, Estimated(call)));
        Assert.Equal(0m, (await served.UseAsync()).Reserved);
    }

    [Fact]
    public async Task A_stream_that_breaks_off_is_told_and_charged_an_estimate()
    {
        await using var served = await GovernedRoute.StartAsync("""{steps: [{say: one two three four, repeat: true, fault: {kind: torn-stream, after: 2, times: -1}}]}""");
        await served.SetBudgetAsync(10);
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            using var response = await served.SendAsync("hi", stream: true);
            await response.Content.ReadAsStringAsync();
        });
        var call = Assert.Single(await served.CallsAsync(1));
        Assert.Equal(("model.failed", "scripted", true), (call.Type, Text(call, "provider"), Estimated(call)));
        Assert.InRange(Number(call, "outputTokens"), 1, 20);
        var use = await served.UseAsync();
        Assert.Equal((Cost(call), 0m), (use.Spent, use.Reserved));
        Assert.True(use.Spent > 0);
    }

    private static string? Text(LedgerRecord record, string name) => record.Data.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static int Number(LedgerRecord record, string name) => record.Data.GetProperty(name).GetInt32();

    private static bool Estimated(LedgerRecord record) => record.Data.TryGetProperty("estimated", out var value) && value.GetBoolean();

    private static decimal Cost(LedgerRecord record) => decimal.Parse(record.Data.GetProperty("cost").GetString()!, CultureInfo.InvariantCulture);
}
