using System.Net;
using System.Text;
using System.Text.Json;
using AgentOps.Engine.Approvals;
using AgentOps.Engine.Configuration;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Invocation;
using AgentOps.Engine.Tests.Invocation;

namespace AgentOps.Engine.Tests.Approvals;

/// <summary>Persons are told that a call waits for them; what came of it is recorded, and never holds the session up.</summary>
public sealed class NotifierTests
{
    private const string Steps = """
        - call: {tool: Echo, arguments: {Text: hello}}
        - say: done
        """;

    private const string Rules = """
        - {id: all, effect: permit, resources: ['tool:Echo'], args: {Text: {type: string}}}
        - {id: ask, effect: require, resources: ['tool:Echo'], obligations: [{approval: {quorum: 1, notRequester: false, timeout: PT1M}}]}
        """;

    [Fact]
    public async Task A_program_and_a_webhook_are_told_once_and_it_is_recorded()
    {
        await using var test = await TestWorkspace.OpenAsync();
        await test.ImportAsync(Steps, Rules);
        var file = Path.Combine(test.Folder, "notice.json");
        using var listener = Listen(out var address);
        var posted = ReceiveAsync(listener, 204);
        Environment.SetEnvironmentVariable("AGENTOPS_TEST_HOOK", "hook-secret-4711");
        await SetAsync(test, $$"""
            apiVersion: agentops/v1
            kind: Notifier
            name: file
            command: [sh, -c, 'cat > "$0"', '{{file}}']
            ---
            apiVersion: agentops/v1
            kind: Notifier
            name: hook
            webhook: {{address}}
            secret: env:AGENTOPS_TEST_HOOK
            """);

        var (result, _) = await test.InvokeAsync(new InvocationRequest { Agent = "a", Prompt = "go", NoWait = true });

        var request = Assert.Single(await test.Workspace.Requests.ListAsync(CancellationToken.None));
        using var notice = JsonDocument.Parse(await File.ReadAllTextAsync(file));
        Assert.Equal(request.Id, notice.RootElement.GetProperty("request").GetString());
        Assert.Equal("tool:Echo", notice.RootElement.GetProperty("resource").GetString());
        var (body, authorization) = await posted;
        Assert.Equal(request.Id, JsonDocument.Parse(body).RootElement.GetProperty("request").GetString());
        Assert.Equal("Bearer hook-secret-4711", authorization);
        var told = (await test.AuditAsync(result.Session)).Where(record => record.Type == ApprovalEvents.Notified).ToArray();
        Assert.Equal(["file", "hook"], told.Select(record => record.Data.GetProperty("notifier").GetString()!).Order());
        Assert.All(told, record => Assert.Equal(JsonValueKind.Null, record.Data.GetProperty("fault").ValueKind));
        Assert.DoesNotContain("hook-secret", string.Concat((await test.AuditAsync()).Select(record => record.Data.GetRawText())), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "-Answer '...'")]
    [InlineData("form: {City: {type: string}, \"Day's end\": {type: integer}}", "-Answer @{ 'City' = '...'; 'Day''s end' = '...' }")]
    public async Task The_notice_of_a_question_says_how_it_is_answered(string form, string answer)
    {
        await using var test = await TestWorkspace.OpenAsync();
        await test.ImportAsync("- call: {tool: Ask-Person, arguments: {Question: where}}", "- {id: ask, effect: permit, resources: ['tool:Ask-Person']}", tools: $$"""
            apiVersion: agentops/v1
            kind: Tool
            name: Ask-Person
            ask: { {{form}} }
            sideEffect: none
            """);
        var file = Path.Combine(test.Folder, "notice.json");
        await SetAsync(test, $"apiVersion: agentops/v1\nkind: Notifier\nname: file\ncommand: [sh, -c, 'cat > \"$0\"', '{file}']\n");

        await test.InvokeAsync(new InvocationRequest { Agent = "a", Prompt = "go", NoWait = true });

        var request = Assert.Single(await test.Workspace.Requests.ListAsync(CancellationToken.None));
        using var notice = JsonDocument.Parse(await File.ReadAllTextAsync(file));
        Assert.Equal($"Approve-AgentOpsRequest -Id {request.Id} {answer}", notice.RootElement.GetProperty("approve").GetString());
        Assert.Equal(request.Form, notice.RootElement.GetProperty("form").GetString());
    }

    [Fact]
    public async Task A_notifier_that_fails_is_recorded_and_holds_nothing_up()
    {
        await using var test = await TestWorkspace.OpenAsync();
        await test.ImportAsync(Steps, Rules);
        using var listener = Listen(out var address);
        var posted = ReceiveAsync(listener, 500);
        await SetAsync(test, $$"""
            apiVersion: agentops/v1
            kind: Notifier
            name: gone
            command: [agentops-no-such-program]
            ---
            apiVersion: agentops/v1
            kind: Notifier
            name: failing
            webhook: {{address}}
            """);

        var (result, _) = await test.InvokeAsync(new InvocationRequest { Agent = "a", Prompt = "go", NoWait = true });

        await posted;
        var faults = (await test.AuditAsync(result.Session)).Where(record => record.Type == ApprovalEvents.Notified)
            .ToDictionary(record => record.Data.GetProperty("notifier").GetString()!, record => record.Data.GetProperty("fault").GetString());
        Assert.Equal("HTTP 500", faults["failing"]);
        Assert.Contains("agentops-no-such-program", faults["gone"], StringComparison.Ordinal);
        Assert.Equal(ApprovalStatus.Pending, Assert.Single(await test.Workspace.Requests.ListAsync(CancellationToken.None)).Recorded);
    }

    [Theory]
    [InlineData("command: [a]\nwebhook: https://example.org/x", "either")]
    [InlineData("webhook: ftp://example.org", "https://host/path")]
    [InlineData("webhook: https://user:password@example.org", "secret")]
    [InlineData("command: [a]\nsecret: env:X", "webhook only")]
    [InlineData("webhook: https://example.org\nsecret: topsecret", "env:NAME")]
    public void A_bad_notifier_is_refused_with_its_place(string body, string expected)
    {
        var fault = Assert.Throws<AgentOpsException>(() => ConfigurationSet.Parse($"apiVersion: agentops/v1\nkind: Notifier\nname: n\n{body}\n", "n.yaml"));
        Assert.Contains("n.yaml:", fault.Message, StringComparison.Ordinal);
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("password", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("topsecret", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Notifiers_survive_a_snapshot()
    {
        await using var test = await TestWorkspace.OpenAsync();
        await SetAsync(test, "apiVersion: agentops/v1\nkind: Notifier\nname: n\nwebhook: https://example.org/x\nsecret: env:X\n");
        var before = (await test.Workspace.GetStateAsync(CancellationToken.None)).Notifiers["n"];
        await test.Workspace.DisposeAsync();
        await using var again = await TestWorkspace.OpenAsync(test.Folder);
        Assert.Equal(before.ToJson().ToJsonString(), (await again.Workspace.GetStateAsync(CancellationToken.None)).Notifiers["N"].ToJson().ToJsonString());
    }

    private static async Task SetAsync(TestWorkspace test, string yaml) =>
        await test.Workspace.Configuration.ImportAsync(ConfigurationSet.Parse(yaml, "notifiers.yaml"), CancellationToken.None);

    private static HttpListener Listen(out string address)
    {
        for (var attempt = 0; ; attempt++)
        {
            var listener = new HttpListener();
            address = $"http://127.0.0.1:{Random.Shared.Next(20_000, 60_000)}/hook/";
            listener.Prefixes.Add(address);
            try
            {
                listener.Start();
                return listener;
            }
            catch (HttpListenerException) when (attempt < 20)
            {
                // The port is taken.
            }
        }
    }

    private static async Task<(string Body, string? Authorization)> ReceiveAsync(HttpListener listener, int status)
    {
        var context = await listener.GetContextAsync().WaitAsync(TimeSpan.FromSeconds(30));
        using var reader = new StreamReader(context.Request.InputStream, Encoding.UTF8);
        var body = await reader.ReadToEndAsync();
        context.Response.StatusCode = status;
        context.Response.Close();
        return (body, context.Request.Headers["Authorization"]);
    }
}
