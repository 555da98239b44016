using System.Diagnostics;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Invocation;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Sessions;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Tests.Invocation;

/// <summary>Sessions that go on in another process, one runner at a time.</summary>
public sealed class ResumeTests
{
    private const string Permit = """
        - {id: all, effect: permit, resources: ['tool:Echo', 'tool:Touch', 'tool:Sleep', 'tool:Sleep-Quietly']}
        """;

    private const string Ask = """

        - id: ask
          effect: require
          resources: ['tool:Touch']
          obligations: [{approval: {quorum: 1, notRequester: false, timeout: PT5M}}]
        """;

    [Fact]
    public async Task A_pending_session_goes_on_from_its_ledger_alone_once_it_was_answered()
    {
        await using var test = await TestWorkspace.OpenAsync();
        var file = Path.Combine(test.Outside, "touched");
        await test.ImportAsync($$$"""
            - call: {tool: Echo, arguments: {Text: first}}
            - call: {tool: Touch, arguments: {Path: {{{file}}}}}
            - say: "{{tool.Echo}} and done"
            """, Permit + Ask);

        var (waiting, _) = await test.InvokeAsync(new InvocationRequest { Agent = "a", Prompt = "go", NoWait = true });

        Assert.Equal(SessionStatus.Pending, waiting.Status);
        await using var elsewhere = await TestWorkspace.OpenAsync(test.Folder);
        var session = await elsewhere.Workspace.Sessions.GetAsync(waiting.Session, CancellationToken.None);
        Assert.Empty(await elsewhere.Workspace.Sessions.ListDueAsync(CancellationToken.None));
        await elsewhere.Workspace.Requests.AnswerAsync(Assert.Single(session.Requests), approves: true, null, CancellationToken.None);
        Assert.Equal(waiting.Session, Assert.Single(await elsewhere.Workspace.Sessions.ListDueAsync(CancellationToken.None)).Id);
        Assert.False(File.Exists(file));

        var result = await ResumeAsync(elsewhere, waiting.Session);

        Assert.True(File.Exists(file));
        Assert.Equal((SessionStatus.Completed, 2, 3), (result.Status, result.ToolCalls, result.Steps));
        Assert.Contains("first", result.Answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_that_runs_or_has_its_answer_is_not_taken_over()
    {
        await using var test = await TestWorkspace.OpenAsync();
        await test.ImportAsync("""
            - call: {tool: Echo, arguments: {Text: one}}
            - say: done
            """, Permit);
        await using var elsewhere = await TestWorkspace.OpenAsync(test.Folder);
        ErrorCode? refused = null;
        InvocationResult? result = null;
        await foreach (var item in test.Workspace.Invoker.InvokeAsync(new InvocationRequest { Agent = "a", Prompt = "go" }, CancellationToken.None))
        {
            result = item.Result ?? result;
            if (item.Kind == SessionEventKind.Opened)
            {
                refused = (await Assert.ThrowsAsync<AgentOpsException>(() => ResumeAsync(elsewhere, item.Session))).Code;
            }
        }

        // Where the first was quicker, the session had its answer already.
        Assert.Contains(refused, new[] { ErrorCodes.SessionTaken, ErrorCodes.SessionNotResumable });
        Assert.Equal(SessionStatus.Completed, result!.Status);
        Assert.Equal(ErrorCodes.SessionNotResumable, (await Assert.ThrowsAsync<AgentOpsException>(() => ResumeAsync(elsewhere, result.Session))).Code);
    }

    [Fact]
    public async Task A_further_prompt_goes_on_with_the_conversation_of_the_same_person_only()
    {
        await using var test = await TestWorkspace.OpenAsync();
        await test.ImportAsync("""
            - {when: first, call: {tool: Echo, arguments: {Text: remembered}}}
            - {when: remembered, say: noted}
            - {when: second, say: "it was {{tool.Echo}}"}
            """, Permit, agent: "limits: {maxSteps: 2}");
        var (first, _) = await test.InvokeAsync(new InvocationRequest { Agent = "a", Prompt = "first" });
        var (second, _) = await test.InvokeAsync(new InvocationRequest { Agent = "a", Prompt = "second", Session = first.Session });

        Assert.Equal((first.Session, SessionStatus.Completed, 3), (second.Session, second.Status, second.Steps));
        Assert.Contains("remembered", second.Answer, StringComparison.Ordinal);

        await using var other = await Workspace.OpenAsync(new WorkspaceOptions { Store = test.Folder, OnBehalfOf = "somebody-else" }, CancellationToken.None);
        var fault = await Assert.ThrowsAsync<AgentOpsException>(async () =>
        {
            await foreach (var _ in other.Invoker.InvokeAsync(new InvocationRequest { Agent = "a", Prompt = "third", Session = first.Session }, CancellationToken.None))
            {
            }
        });
        Assert.Equal(ErrorCodes.SessionNotResumable, fault.Code);
    }

    [Fact]
    public async Task A_killed_runner_is_replaced_by_exactly_one_and_no_call_is_repeated()
    {
        await using var test = await TestWorkspace.OpenAsync();
        var log = Path.Combine(test.Outside, "effects");
        await test.ImportAsync($$$"""
            - call: {tool: Append, arguments: {File: {{{log}}}, Text: one}}
            - call: {tool: Sleep-Quietly, arguments: {Seconds: 20}}
            - call: {tool: Append, arguments: {File: {{{log}}}, Text: two}}
            - call: {tool: Append, arguments: {File: {{{log}}}, Text: three}}
            - say: done
            """, Permit.Replace("'tool:Touch'", "'tool:Append'", StringComparison.Ordinal), tools: Appending);

        var session = await KillInToolAsync(test, "Sleep-Quietly");
        var said = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => RunWorkerAsync("resume", test.Folder, session)));

        Assert.Single(said, text => text.Contains("Ended", StringComparison.Ordinal));
        Assert.Equal(3, said.Count(text => text.Contains("SessionTaken", StringComparison.Ordinal) || text.Contains("SessionNotResumable", StringComparison.Ordinal)));
        Assert.Equal(["one", "two", "three"], await File.ReadAllLinesAsync(log));
        var state = await test.Workspace.Sessions.GetAsync(session, CancellationToken.None);
        Assert.Equal((SessionStatus.Completed, 2, 4), (state.Status, state.Lease, state.ToolCalls));
        var audit = await test.AuditAsync(session);
        Assert.Single(audit, record => record.Type == EventTypes.SessionResumed);
        Assert.Equal(4, audit.Where(record => record.Type == EventTypes.ToolStarted).Select(record => record.Data.GetProperty("call").GetString()).Distinct().Count());
        Assert.True((await test.Workspace.Ledger.VerifyAsync(new LedgerVerificationOptions(), CancellationToken.None)).IsWhole);
    }

    [Theory]
    [InlineData("ok", "did what was asked")]
    [InlineData("error", "did not do")]
    public async Task A_call_in_doubt_waits_for_a_person_and_is_told_to_the_model(string outcome, string told)
    {
        await using var test = await TestWorkspace.OpenAsync();
        await test.ImportAsync("""
            - call: {tool: Sleep, arguments: {Seconds: 20}}
            - say: "{{tool.Sleep}}"
            """, Permit);
        var session = await KillInToolAsync(test, "Sleep");

        var fault = await Assert.ThrowsAsync<AgentOpsException>(() => ResumeAsync(test, session));
        Assert.Equal(ErrorCodes.SessionInDoubt, fault.Code);
        Assert.Contains("c1 (Sleep)", fault.Message, StringComparison.Ordinal);
        Assert.Empty(await test.Workspace.Sessions.ListDueAsync(CancellationToken.None));
        await test.Workspace.Sessions.ReconcileAsync(session, new Dictionary<string, string> { ["c1"] = outcome }, "looked", CancellationToken.None);
        Assert.Single(await test.Workspace.Sessions.ListDueAsync(CancellationToken.None));
        var result = await ResumeAsync(test, session);

        Assert.Equal((SessionStatus.Completed, 1), (result.Status, result.ToolCalls));
        Assert.Contains(told, result.Answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_session_left_in_doubt_is_not_repeated_by_it()
    {
        await using var test = await TestWorkspace.OpenAsync();
        await test.ImportAsync("""
            - call: {tool: Slow, arguments: {Seconds: 5}}
            - call: {tool: Slow, arguments: {Seconds: 5}}
            - call: {tool: Echo, arguments: {Text: other}}
            - say: done
            """, Permit.Replace("'tool:Touch'", "'tool:Slow'", StringComparison.Ordinal), tools: Appending);

        var (result, events) = await test.InvokeAsync();

        Assert.Equal((SessionStatus.Completed, 2, 1), (result.Status, result.ToolCalls, result.Refusals));
        Assert.Contains("nobody knows", events.Single(item => item.Kind == SessionEventKind.ToolRefused).Reason!, StringComparison.Ordinal);
        Assert.Equal("unknown", events.First(item => item.Kind == SessionEventKind.ToolCompleted).Outcome);
    }

    private const string Appending = $$$"""
        apiVersion: agentops/v1
        kind: Tool
        name: Append
        process: {command: [sh, -c, 'echo "$1" >> "$0"', "{File}", "{Text}"]}
        isolation: {write: ["{File}"]}
        parameters: {File: {type: path, mandatory: true}, Text: {type: string, mandatory: true}}
        sideEffect: irreversible
        ---
        apiVersion: agentops/v1
        kind: Tool
        name: Slow
        process: {command: [sleep, "{Seconds}"]}
        parameters: {Seconds: {type: integer, mandatory: true}}
        sideEffect: irreversible
        timeout: PT0.2S
        ---
        {{{TestWorkspace.Echo}}}
        ---
        {{{TestWorkspace.Sleep}}}
        ---
        {{{TestWorkspace.SleepQuietly}}}
        """;

    private static async Task<InvocationResult> ResumeAsync(TestWorkspace workspace, string session)
    {
        InvocationResult? result = null;
        await foreach (var item in workspace.Workspace.Invoker.ResumeAsync(session, noWait: false, CancellationToken.None))
        {
            result = item.Result ?? result;
        }

        return result!;
    }

    /// <summary>Runs the agent in a process of its own and ends that process, not gently, while a tool runs.</summary>
    private static async Task<string> KillInToolAsync(TestWorkspace test, string tool)
    {
        using var worker = Start("invoke", test.Folder, "a");
        SessionState? session = null;
        for (var i = 0; i < 600 && session is null; i++)
        {
            await Task.Delay(50);
            session = (await test.Workspace.Sessions.ListAsync(CancellationToken.None)).FirstOrDefault(found => found.Pending.Values.Any(call => call.Tool == tool));
        }

        worker.Kill();
        await worker.WaitForExitAsync();
        Assert.NotNull(session);
        Assert.Equal(SessionStatus.Interrupted, (await test.Workspace.Sessions.GetAsync(session.Id, CancellationToken.None)).Status);
        return session.Id;
    }

    private static async Task<string> RunWorkerAsync(string verb, string folder, string name)
    {
        using var worker = Start(verb, folder, name);
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var text = await worker.StandardOutput.ReadToEndAsync(limit.Token);
        await worker.WaitForExitAsync(limit.Token);
        return text;
    }

    private static Process Start(string verb, string folder, string name)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet")
        {
            RedirectStandardOutput = true,
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "AgentOps.Ledger.Worker.dll"), verb, folder, name },
        };
        return Process.Start(start)!;
    }
}
