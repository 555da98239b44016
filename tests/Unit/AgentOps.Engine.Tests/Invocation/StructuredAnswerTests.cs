using System.Text.Json.Nodes;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Invocation;
using AgentOps.Engine.Sessions;
using AgentOps.Engine.Tests.Providers;
using AgentOps.Engine.Configuration;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Tests.Invocation;

/// <summary>Final answers that must fit a schema.</summary>
public sealed class StructuredAnswerTests
{
    private const string Permit = "- {id: echo, effect: permit, resources: ['tool:Echo']}";

    private static readonly AnswerSchema Schema = AnswerSchema.Parse(JsonNode.Parse("""{"type":"object","required":["n"],"properties":{"n":{"type":"integer"}},"additionalProperties":false}""")!.AsObject());

    private static readonly InvocationRequest Request = new() { Agent = "a", Prompt = "go", OutputSchema = Schema };

    [Fact]
    public async Task A_misfit_goes_back_with_its_reason_and_the_fit_is_a_value()
    {
        await using var test = await TestWorkspace.OpenAsync();
        await test.ImportAsync("""
            - call: {tool: Echo, arguments: {Text: seven}}
            - say: "The answer is 7."
            - say: '{"n": "7"}'
            - say: ' {"n": 7} '
            """, Permit);

        var (result, events) = await test.InvokeAsync(Request);

        Assert.Equal((SessionStatus.Completed, 4), (result.Status, result.Steps));
        Assert.Equal(7, result.Output!.Value.GetProperty("n").GetInt32());
        var refused = events.Where(item => item.Kind == SessionEventKind.AnswerRefused).Select(item => item.Reason!).ToArray();
        Assert.Equal(2, refused.Length);
        Assert.Contains("no JSON value alone", refused[0], StringComparison.Ordinal);
        Assert.Contains("/n is string, not integer", refused[1], StringComparison.Ordinal);
        var audit = await test.AuditAsync(result.Session);
        Assert.Equal(2, audit.Count(record => record.Type == EventTypes.AnswerRefused));
        Assert.Contains(audit, record => record.Type == EventTypes.SessionOpened && record.Data.TryGetProperty("outputSchema", out _));
    }

    [Fact]
    public async Task An_answer_that_never_fits_fails_the_session_with_a_clear_error()
    {
        await using var test = await TestWorkspace.OpenAsync();
        await test.ImportAsync("- {say: no, repeat: true}", Permit);

        var fault = await Assert.ThrowsAsync<AgentOpsException>(() => test.InvokeAsync(Request));

        Assert.Equal(ErrorCodes.AnswerInvalid, fault.Code);
        Assert.Contains("3 times", fault.Message, StringComparison.Ordinal);
        var session = Assert.Single(await test.Workspace.Sessions.ListAsync(CancellationToken.None));
        Assert.Equal((SessionStatus.Failed, 3), (session.Status, session.Steps));
    }

    [Fact]
    public async Task A_session_that_another_process_resumes_is_still_held_to_its_schema()
    {
        await using var test = await TestWorkspace.OpenAsync();
        await test.ImportAsync("""
            - say: one
            - say: two
            - say: three
            - say: '{"n": 4}'
            """, Permit);
        await Assert.ThrowsAsync<AgentOpsException>(() => test.InvokeAsync(Request));
        await using var elsewhere = await TestWorkspace.OpenAsync(test.Folder);
        var session = Assert.Single(await elsewhere.Workspace.Sessions.ListAsync(CancellationToken.None));

        InvocationResult? result = null;
        await foreach (var item in elsewhere.Workspace.Invoker.ResumeAsync(session.Id, noWait: false, CancellationToken.None))
        {
            result = item.Result ?? result;
        }

        Assert.Equal((SessionStatus.Completed, 4), (result!.Status, result.Output!.Value.GetProperty("n").GetInt32()));
    }

    [Fact]
    public async Task Without_a_schema_an_answer_is_words()
    {
        await using var test = await TestWorkspace.OpenAsync();
        await test.ImportAsync("- say: '{\"n\": 7}'", Permit);

        var (result, _) = await test.InvokeAsync();

        Assert.Null(result.Output);
    }

    [Fact]
    public async Task A_provider_that_enforces_schemas_is_given_it_and_any_model_is_told()
    {
        using var server = new LoopbackServer(LoopbackServer.Data(
            """{"choices":[{"delta":{"role":"assistant","content":"{\"n\":1}"}}]}""",
            """{"choices":[{"delta":{},"finish_reason":"stop"}]}""",
            """{"choices":[],"usage":{"prompt_tokens":10,"completion_tokens":5}}""",
            "[DONE]"));
        await using var test = await TestWorkspace.OpenAsync();
        await test.ImportAsync("- say: unused", Permit, agent: "instructions: Count.");
        await test.Workspace.Configuration.ImportAsync(
            ConfigurationSet.Parse($"""
                apiVersion: agentops/v1
                kind: Provider
                name: wire
                protocol: openai
                uri: {server.Uri}v1
                ---
                apiVersion: agentops/v1
                kind: Route
                name: default
                targets: ["wire/m"]
                """.Replace("[\"wire/m\"]", "[{provider: wire, model: m}]", StringComparison.Ordinal), "wire.yaml"),
            CancellationToken.None);

        var (result, _) = await test.InvokeAsync(Request);

        Assert.Equal(1, result.Output!.Value.GetProperty("n").GetInt32());
        var sent = JsonNode.Parse(Assert.Single(server.Requests).Body)!;
        Assert.True(JsonNode.DeepEquals(Schema.Json, sent["response_format"]!["json_schema"]!["schema"]));
        Assert.Contains("Count.\n\nYour final answer is one JSON value", (string)sent["messages"]![0]!["content"]!, StringComparison.Ordinal);
    }
}
