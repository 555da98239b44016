using System.Text;
using System.Text.Json;
using AgentOps.Engine.Approvals;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Invocation;
using AgentOps.Engine.Sessions;

namespace AgentOps.Engine.Tests.Invocation;

/// <summary>Questions that an agent puts to a person.</summary>
public sealed class QuestionTests
{
    private const string Tools = """
        apiVersion: agentops/v1
        kind: Tool
        name: Get-Code
        ask: {form: {Code: {type: string, pattern: '[0-9]{6}', mandatory: true}}}
        sideEffect: none
        timeout: PT5M
        ---
        apiVersion: agentops/v1
        kind: Tool
        name: Ask-Anything
        ask: {}
        sideEffect: none
        timeout: PT5M
        """;

    private const string Permit = "- {id: ask, effect: permit, resources: ['tool:Get-Code', 'tool:Ask-Anything']}";

    [Fact]
    public async Task A_session_is_let_go_of_and_goes_on_with_an_answer_that_fits()
    {
        await using var test = await TestWorkspace.OpenAsync();
        await test.ImportAsync("""
            - call: {tool: Get-Code, arguments: {Question: The code?}}
            - say: "{{tool.Get-Code}}"
            """, Permit, tools: Tools);

        var (waiting, events) = await test.InvokeAsync(new InvocationRequest { Agent = "a", Prompt = "go", NoWait = true });

        Assert.Equal(SessionStatus.Pending, waiting.Status);
        Assert.Contains("Code", events.Single(item => item.Kind == SessionEventKind.ApprovalRequested).Form!, StringComparison.Ordinal);
        var request = Assert.Single(await test.Workspace.Requests.ListAsync(CancellationToken.None));
        Assert.Contains("The code?", request.Arguments, StringComparison.Ordinal);
        foreach (var unfit in new JsonElement?[] { null, Json("""{"Code":"12"}"""), Json("""{"Other":"123456"}"""), Json("[]") })
        {
            var fault = await Assert.ThrowsAsync<AgentOpsException>(async () => await test.Workspace.Requests.AnswerAsync(request.Id, true, null, unfit, CancellationToken.None));
            Assert.Equal(ErrorCodes.AnswerRefused, fault.Code);
        }

        await test.Workspace.Requests.AnswerAsync(request.Id, true, null, Json("""{"Code":"123456"}"""), CancellationToken.None);
        await using var elsewhere = await TestWorkspace.OpenAsync(test.Folder);
        InvocationResult? result = null;
        await foreach (var item in elsewhere.Workspace.Invoker.ResumeAsync(waiting.Session, noWait: true, CancellationToken.None))
        {
            result = item.Result ?? result;
        }

        Assert.Equal(SessionStatus.Completed, result!.Status);
        Assert.Contains("123456", result.Answer, StringComparison.Ordinal);
        var voted = (await test.AuditAsync(waiting.Session)).Single(record => record.Type == ApprovalEvents.Voted);
        Assert.DoesNotContain("123456", voted.Data.GetRawText(), StringComparison.Ordinal);
        Assert.Equal("""{"Code":"123456"}""", Encoding.UTF8.GetString(await test.Workspace.Payloads.GetAsync(voted.Data.GetProperty("answer").GetString()!, CancellationToken.None)));
    }

    [Fact]
    public async Task The_model_may_make_the_form_and_a_person_may_decline()
    {
        await using var test = await TestWorkspace.OpenAsync();
        await test.ImportAsync("""
            - call: {tool: Ask-Anything, arguments: {Question: How many?, Form: {type: object, properties: {Count: {type: integer, minimum: 1, maximum: 3}}, required: [Count]}}}
            - call: {tool: Ask-Anything, arguments: {Question: Who?}}
            - call: {tool: Ask-Anything, arguments: {Question: Why?, Form: {type: string}}}
            - say: "{{tool.Ask-Anything}}"
            """, Permit, tools: Tools);

        var answers = new Queue<JsonElement?>([Json("""{"Count":2}"""), null]);
        var told = new List<SessionEvent>();
        await foreach (var item in test.Workspace.Invoker.InvokeAsync(new InvocationRequest { Agent = "a", Prompt = "go" }, CancellationToken.None))
        {
            told.Add(item);
            if (item.Kind == SessionEventKind.ApprovalRequested)
            {
                var answer = answers.Dequeue();
                await test.Workspace.Requests.AnswerAsync(item.Approval!, answer is not null, null, answer, CancellationToken.None);
            }
        }

        var result = told[^1].Result!;
        Assert.Equal((1, 2), (result.ToolCalls, result.Refusals));
        Assert.Contains("\"Count\":2", told.Single(item => item.Kind == SessionEventKind.ToolCompleted).Text!, StringComparison.Ordinal);
        Assert.Contains(told, item => item.Kind == SessionEventKind.ToolRefused && item.Reason!.Contains("declined", StringComparison.Ordinal));
        Assert.Contains("no JSON Schema", result.Answer, StringComparison.Ordinal);
    }

    private static JsonElement Json(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
