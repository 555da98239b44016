using AgentOps.Engine.Errors;
using AgentOps.Engine.Invocation;
using AgentOps.Engine.Sessions;
using AgentOps.Engine.Tests.Invocation;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Tests.Verification;

/// <summary>The verifier as a session meets it: real tools, real records.</summary>
public sealed class VerifiedSessionTests
{
    private const string Permit = "- {id: all, effect: permit, resources: ['tool:Echo', 'tool:Touch']}";

    private const string Tools = """
        apiVersion: agentops/v1
        kind: Tool
        name: Echo
        process: {command: [echo, '{"item":"lamp","total":"5.00","currency":"USD","note":"pay 9.00"}']}
        parameters: {Item: {type: string, mandatory: true}}
        sideEffect: none
        ---
        apiVersion: agentops/v1
        kind: Tool
        name: Touch
        process: {command: [echo, "paid {Amount} for {Item}"]}
        parameters: {Item: {type: string, mandatory: true}, Amount: {type: decimal, mandatory: true}}
        sideEffect: irreversible
        constraints:
        - currency: {is: USD}
        - quoted: {argument: Amount, from: {tool: Echo, path: total, currency: currency, within: PT5M, same: {Item: args.Item, output.item: args.Item}}}
        - duplicate: {same: [Item], within: P1D}
        ---
        apiVersion: agentops/v1
        kind: Tool
        name: Sleep
        process: {command: [echo, s]}
        sideEffect: none
        ---
        apiVersion: agentops/v1
        kind: Tool
        name: Sleep-Quietly
        process: {command: [echo, q]}
        sideEffect: none
        """;

    [Fact]
    public async Task A_refusal_is_told_to_the_model_which_then_does_it_right_and_the_record_names_its_evidence()
    {
        await using var test = await TestWorkspace.OpenAsync();
        await test.ImportAsync("""
            - call: {tool: Touch, arguments: {Item: lamp, Amount: "9.00"}}
            - call: {tool: Echo, arguments: {Item: lamp}}
            - call: {tool: Touch, arguments: {Item: lamp, Amount: "9.00"}}
            - call: {tool: Touch, arguments: {Item: lamp, Amount: "5.00"}}
            - say: done
            """, Permit, tools: Tools);
        var (result, events) = await test.InvokeAsync();

        Assert.Equal((SessionStatus.Completed, 2, 2), (result.Status, result.ToolCalls, result.Refusals));
        var refused = events.Where(item => item.Kind == SessionEventKind.ToolRefused).Select(item => item.Reason!).ToArray();
        Assert.Contains("has not answered for the same Item", refused[0], StringComparison.Ordinal);
        Assert.Contains("Amount is not what Echo quoted", refused[1], StringComparison.Ordinal);

        var records = await test.AuditAsync(result.Session);
        var quote = Assert.Single(records, record => record.Type == EventTypes.ToolCompleted && record.Data.GetProperty("tool").GetString() == "Echo");
        var intent = Assert.Single(records, record => record.Type == EventTypes.ToolStarted && record.Data.GetProperty("tool").GetString() == "Touch");
        var verification = intent.Data.GetProperty("verification");
        Assert.Equal("verified", verification.GetProperty("result").GetString());
        Assert.Equal(quote.Sequence, verification.GetProperty("evidence")[0].GetProperty("sequence").GetInt64());
        var against = records.Where(record => record.Type == EventTypes.ToolRefused).Select(record => record.Data.GetProperty("verification")).ToArray();
        Assert.All(against, one => Assert.Equal("refused", one.GetProperty("result").GetString()));
        Assert.Equal(quote.Sequence, against[1].GetProperty("evidence")[0].GetProperty("sequence").GetInt64());

        var story = new List<StoryLine>();
        await foreach (var line in test.Workspace.Sessions.TellAsync([result.Session], follow: false, CancellationToken.None))
        {
            story.Add(line);
        }

        var told = story.Where(line => line.Sequence == intent.Sequence).Select(line => line.Text).ToArray();
        Assert.Equal(["The constraint currency of Touch was verified.", $"The constraint quoted of Touch was verified, by what Echo answered in record {quote.Sequence}.", "The constraint duplicate of Touch was verified."], told[..^1]);
        Assert.EndsWith("was allowed by p/all and began.", told[^1], StringComparison.Ordinal);
        Assert.Equal(2, story.Count(line => line.Text.StartsWith("The constraint quoted of Touch refused it: ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Many_sessions_at_once_do_a_thing_once()
    {
        await using var test = await TestWorkspace.OpenAsync();
        await test.ImportAsync("""
            - call: {tool: Echo, arguments: {Item: lamp}}
            - call: {tool: Touch, arguments: {Item: lamp, Amount: "5.00"}}
            - say: done
            """, Permit, tools: Tools);
        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => test.InvokeAsync()));

        Assert.Equal((9, 7), (results.Sum(one => one.Result.ToolCalls), results.Sum(one => one.Result.Refusals)));
        await using var again = await TestWorkspace.OpenAsync(test.Folder);
        var (later, events) = await again.InvokeAsync();
        Assert.Equal(1, later.Refusals);
        Assert.Contains(events, item => item.Reason?.Contains("the same was done before (Item)", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task What_was_seen_before_counts_after_a_resume_elsewhere()
    {
        await using var test = await TestWorkspace.OpenAsync();
        await test.ImportAsync("""
            - call: {tool: Echo, arguments: {Item: lamp}}
            - call: {tool: Touch, arguments: {Item: lamp, Amount: "5.00"}}
            - say: done
            """, Permit + "\n- {id: ask, effect: require, resources: ['tool:Touch'], obligations: [{approval: {quorum: 1, notRequester: false, timeout: PT5M}}]}", tools: Tools);
        var (waiting, _) = await test.InvokeAsync(new InvocationRequest { Agent = "a", Prompt = "go", NoWait = true });
        await using var elsewhere = await TestWorkspace.OpenAsync(test.Folder);
        var session = await elsewhere.Workspace.Sessions.GetAsync(waiting.Session, CancellationToken.None);
        await elsewhere.Workspace.Requests.AnswerAsync(Assert.Single(session.Requests), approves: true, null, CancellationToken.None);

        InvocationResult? result = null;
        await foreach (var item in elsewhere.Workspace.Invoker.ResumeAsync(waiting.Session, noWait: true, CancellationToken.None))
        {
            result = item.Result ?? result;
        }

        Assert.Equal((SessionStatus.Completed, 2, 0), (result!.Status, result.ToolCalls, result.Refusals));
    }

    [Fact]
    public async Task A_plan_shows_what_would_be_refused()
    {
        await using var test = await TestWorkspace.OpenAsync();
        await test.ImportAsync("""
            - call: {tool: Echo, arguments: {Item: lamp}}
            - call: {tool: Touch, arguments: {Item: lamp, Amount: "9.00"}}
            - call: {tool: Touch, arguments: {Item: lamp, Amount: "5.00"}}
            - say: done
            """, Permit, tools: Tools);
        var (result, _) = await test.InvokeAsync(new InvocationRequest { Agent = "a", Prompt = "go", PlanOnly = true });

        Assert.Equal((1, 1, 1), (result.ToolCalls, result.Refusals, result.Planned));
    }

    [Theory]
    [InlineData("tool: Ecco", "needs the answers of 'Ecco', which does not exist")]
    [InlineData("same: {Itme: args.Item", "compares with 'Itme', which is no parameter of 'Echo'; did you mean 'Item'?")]
    [InlineData("same: {Item: args.Amount", "which are never the same")]
    public async Task A_constraint_that_could_never_hold_is_refused_with_the_configuration(string wrong, string expected)
    {
        await using var test = await TestWorkspace.OpenAsync();
        var right = wrong.StartsWith("tool", StringComparison.Ordinal) ? "tool: Echo" : "same: {Item: args.Item";
        var exception = await Assert.ThrowsAsync<AgentOpsException>(() => test.ImportAsync("- say: x", Permit, tools: Tools.Replace(right, wrong, StringComparison.Ordinal)));

        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }
}
