using AgentOps.Engine.Errors;
using AgentOps.Engine.Invocation;
using AgentOps.Engine.Sessions;
using AgentOps.Engine.Tests.Routing;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Tests.Invocation;

/// <summary>A session that fails undoes what it did, where its agent is told to: once, in reverse, and says what it could not.</summary>
public sealed class UndoOnFailureTests
{
    private const string On = "undoOnFailure: true";

    /// <summary>
    /// Random calls, each with what becomes of it and of its undoing, and a random end. The oracle reads the list backwards: what
    /// was done and can be undone is undone once; every other effect is reported with the reason; a session that ends well keeps all.
    /// </summary>
    [Fact]
    public async Task Every_effect_that_has_a_compensation_is_compensated_once_in_reverse_and_every_other_is_reported()
    {
        for (var seed = 1; seed <= 40; seed++)
        {
            await PlayAsync(new Random(seed));
        }
    }

    private static async Task PlayAsync(Random random)
    {
        var scenes = new UndoScenes();
        await using var test = await TestWorkspace.OpenAsync(null, scenes);
        var calls = Enumerable.Range(1, random.Next(0, 8)).Select(number => (
            Number: number,
            Tool: new[] { "Make", "Make", "Make", "Burn", "Read" }[random.Next(5)],
            Mode: new[] { "ok", "ok", "ok", "error", "unknown", "throw" }[random.Next(6)],
            Undo: new[] { "ok", "ok", "ok", "error", "throw", "ask", "denied" }[random.Next(7)])).ToArray();
        var end = new[] { "answer", "fault", "refused", "limit" }[random.Next(4)];
        var steps = calls.Select(call => UndoScenes.Call(call.Tool, call.Number, call.Mode, call.Undo)).Concat(end switch
        {
            "answer" => ["- say: done"],
            "fault" => ["- fault: authentication"],
            "refused" => Enumerable.Repeat("- call: {tool: Denied, arguments: {Number: 0}}", 3),
            _ => ["- call: {tool: Read, arguments: {Number: 0}}"],
        });
        await test.ImportAsync(string.Join('\n', steps), UndoScenes.Rules, end == "limit" ? $"{On}\nlimits: {{maxSteps: {Math.Max(calls.Length, 1)}}}" : On, UndoScenes.Tools);

        var (result, events) = await RunAsync(test);

        // A call that breaks its executor ends the session there.
        var broken = Array.FindIndex(calls, call => call.Mode == "throw");
        var ran = broken < 0 ? calls : calls[..(broken + 1)];
        var isFailed = broken >= 0 || end != "answer";
        var effects = ran.Reverse().Where(call => call.Tool != "Read" && call.Mode != "error").ToArray();
        var expected = !isFailed ? [] : effects.Select(call => (FormattableString.Invariant($"c{call.Number}"), call switch
        {
            { Mode: not "ok" } => UndoOutcome.Unknown,
            { Tool: "Burn" } => UndoOutcome.Impossible,
            { Undo: "ok" } => UndoOutcome.Undone,
            { Undo: "error" } => UndoOutcome.Failed,
            { Undo: "throw" } => UndoOutcome.Unknown,
            { Undo: "ask" } => UndoOutcome.Pending,
            _ => UndoOutcome.Refused,
        })).ToArray();
        Assert.Equal(isFailed, result.Status is SessionStatus.Failed or SessionStatus.LimitReached or SessionStatus.Refused);
        Assert.Equal(expected, result.Undone.Select(call => (call.Call, call.Outcome)));
        Assert.Equal(
            expected.Where(call => call.Item2 == UndoOutcome.Undone).Select(call => call.Item1.Replace('c', '-')),
            scenes.World.Where(entry => entry[0] == '-'));

        var audit = await test.AuditAsync(result.Session);
        Assert.Equal(expected.Where(call => call.Item2 != UndoOutcome.Undone).Select(call => call.Item1), audit.Where(record => record.Type == EventTypes.ToolNotUndone).Select(record => record.Data.GetProperty("call").GetString()!));
        Assert.Equal(expected.Length > 0 ? 1 : 0, audit.Count(record => record.Type == EventTypes.SessionUndoing));
        Assert.Equal(result.Status == SessionStatus.LimitReached ? 1 : 0, audit.Count(record => record.Type == EventTypes.SessionLimitReached));
        Assert.Equal(EventTypes.SessionEnded, audit[^1].Type);
        Assert.Equal(expected.Length > 0, result.Reason.Contains($"of {expected.Length} calls that changed something were undone.", StringComparison.Ordinal));
        Assert.Equal(expected.Count(call => call.Item2 != UndoOutcome.Undone), events.Count(item => item.Kind == SessionEventKind.NotUndone));
    }

    [Fact]
    public async Task Nothing_is_undone_where_nobody_asked_for_it_nor_after_a_stop()
    {
        var scenes = new UndoScenes { Hang = token => Task.Delay(Timeout.Infinite, token) };
        await using var test = await TestWorkspace.OpenAsync(null, scenes);
        await test.ImportAsync(UndoScenes.Call("Make", 1) + "\n- fault: authentication", UndoScenes.Rules, "", UndoScenes.Tools);
        var (failed, _) = await RunAsync(test);
        await test.ImportAsync(UndoScenes.Call("Make", 2) + "\n" + UndoScenes.Call("Make", 3, mode: "hang"), UndoScenes.Rules, On, UndoScenes.Tools);
        var (stopped, _) = await RunAsync(test, item => item is { Kind: SessionEventKind.ToolStarted, Call: "c2" }, session => test.Workspace.Sessions.StopAsync(session, null, CancellationToken.None).AsTask());
        var (suspended, _) = await RunAsync(test, item => item is { Kind: SessionEventKind.ToolStarted, Call: "c2" }, _ => test.Workspace.Agents.SuspendAsync("a", null, CancellationToken.None).AsTask());

        Assert.Equal((SessionStatus.Failed, SessionStatus.Stopped, SessionStatus.Stopped), (failed.Status, stopped.Status, suspended.Status));
        Assert.DoesNotContain(scenes.World, entry => entry[0] == '-');
        Assert.True((await test.Workspace.Sessions.GetAsync(failed.Session, CancellationToken.None)).IsResumable);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_stop_or_a_suspension_ends_an_undoing_and_the_rest_can_be_asked_for(bool isStop)
    {
        var scenes = new UndoScenes { Hang = token => Task.Delay(Timeout.Infinite, token) };
        await using var test = await TestWorkspace.OpenAsync(null, scenes);
        await test.ImportAsync(
            string.Join('\n', UndoScenes.Call("Make", 1), UndoScenes.Call("Make", 2, undo: "hang"), UndoScenes.Call("Make", 3), "- fault: authentication"), UndoScenes.Rules, On, UndoScenes.Tools);

        var (result, _) = await RunAsync(test, item => item is { Kind: SessionEventKind.ToolStarted, Call: "u2" }, session => isStop
            ? test.Workspace.Sessions.StopAsync(session, null, CancellationToken.None).AsTask()
            : test.Workspace.Agents.SuspendAsync("a", null, CancellationToken.None).AsTask());
        var session = await test.Workspace.Sessions.GetAsync(result.Session, CancellationToken.None);
        await test.Workspace.Sessions.ReconcileAsync(result.Session, new Dictionary<string, string> { ["u2"] = "ok" }, null, CancellationToken.None);
        var rest = await test.Workspace.Invoker.UndoAsync(result.Session, noWait: true, CancellationToken.None);

        Assert.Equal((SessionStatus.Failed, true, false), (session.Status, session.IsInDoubt, session.IsResumable));
        Assert.EndsWith("1 of 1 calls that changed something were undone, then it was stopped.", result.Reason, StringComparison.Ordinal);
        Assert.Equal(("c1", UndoOutcome.Undone), Assert.Single(rest.Select(call => (call.Call, call.Outcome))));
        Assert.Equal(["+1", "+2", "+3", "-3", "-1"], scenes.World);
    }

    /// <summary>The process dies within each of the compensations in turn; another one goes on, and in all nothing is undone twice.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(2)]
    [InlineData(1)]
    public async Task A_crash_in_the_middle_goes_on_in_another_process(int crashed)
    {
        var copy = Directory.CreateTempSubdirectory("agentops-crash-").FullName;
        var release = new TaskCompletionSource();
        var scenes = new UndoScenes();
        await using var test = await TestWorkspace.OpenAsync(null, scenes);
        scenes.Hang = token =>
        {
            Copy(test.Folder, copy);
            release.SetResult();
            return Task.Delay(Timeout.Infinite, token);
        };
        var calls = Enumerable.Range(1, 3).Select(number => UndoScenes.Call("Make", number, undo: number == crashed ? "hang" : "ok"));
        await test.ImportAsync(string.Join('\n', calls) + "\n" + UndoScenes.Call("Burn", 4) + "\n- fault: authentication", UndoScenes.Rules, On, UndoScenes.Tools);
        using var kill = new CancellationTokenSource();
        var first = RunAsync(test, cancellationToken: kill.Token);
        await release.Task.WaitAsync(TimeSpan.FromSeconds(30));
        var done = scenes.World.ToArray();

        var time = new ManualTime();
        time.Advance(DateTimeOffset.UtcNow + TimeSpan.FromMinutes(5) - time.GetUtcNow());
        var later = new UndoScenes();
        await using var other = await Workspace.OpenAsync(new WorkspaceOptions { Store = copy, HostName = "later", Time = time, Executors = [later] }, CancellationToken.None);
        var session = Assert.Single(await other.Sessions.ListAsync(CancellationToken.None));
        var inDoubt = Assert.Single(session.Pending.Keys);
        Assert.Equal((SessionStatus.Interrupted, SessionStatus.Failed), (session.Status, session.Undoing!.Status));
        Assert.Empty(await other.Sessions.ListDueAsync(CancellationToken.None));
        await other.Sessions.ReconcileAsync(session.Id, new Dictionary<string, string> { [inDoubt] = "error" }, "it did not", CancellationToken.None);
        Assert.Equal(session.Id, Assert.Single(await other.Sessions.ListDueAsync(CancellationToken.None)).Id);
        InvocationResult? result = null;
        await foreach (var item in other.Invoker.ResumeAsync(session.Id, noWait: false, CancellationToken.None))
        {
            result = item.Result ?? result;
        }

        Assert.Equal((SessionStatus.Failed, 0), (result!.Status, later.World.Count(entry => entry[0] == '+')));
        Assert.Equal(["-3", "-2", "-1"], done.Where(entry => entry[0] == '-').Concat(later.World));
        Assert.Equal(UndoOutcome.Impossible, result.Undone.Single(call => call.Call == "c4").Outcome);
        var ended = await other.Sessions.GetAsync(session.Id, CancellationToken.None);
        Assert.Equal((SessionStatus.Failed, null, true, false), (ended.Status, ended.Undoing, ended.IsUndone, ended.IsResumable));
        await kill.CancelAsync();
        await first;
        await other.DisposeAsync();
        Directory.Delete(copy, recursive: true);
    }

    [Fact]
    public async Task What_an_answer_was_given_for_stands_and_the_next_prompt_is_told_what_was_undone()
    {
        var scenes = new UndoScenes();
        await using var test = await TestWorkspace.OpenAsync(null, scenes);
        await test.ImportAsync(
            $"""
            - {UndoScenes.Call("Make", 1)["- ".Length..]}
            - say: made
            - {UndoScenes.Call("Make", 2)["- ".Length..]}
            - fault: authentication
            """, UndoScenes.Rules, On, UndoScenes.Tools);
        var (first, _) = await RunAsync(test);
        var (second, _) = await RunAsync(test, session: first.Session);
        await test.ImportAsync("- {when: Since then, say: \"{{user}}\"}", UndoScenes.Rules, On, UndoScenes.Tools);
        var (third, _) = await RunAsync(test, session: first.Session);

        Assert.Equal((SessionStatus.Completed, SessionStatus.Failed, SessionStatus.Completed), (first.Status, second.Status, third.Status));
        Assert.Equal(["+1", "+2", "-2"], scenes.World);
        Assert.Equal("(Since then these calls were undone: Make. What they did no longer stands.)\n\ngo", third.Answer);
        var fault = await Assert.ThrowsAsync<AgentOpsException>(async () =>
        {
            await foreach (var _ in test.Workspace.Invoker.ResumeAsync(first.Session, noWait: false, CancellationToken.None))
            {
            }
        });
        Assert.Equal(ErrorCodes.SessionNotResumable, fault.Code);
    }

    [Fact]
    public async Task A_plan_undoes_nothing_and_the_story_tells_all_of_it()
    {
        var scenes = new UndoScenes();
        await using var test = await TestWorkspace.OpenAsync(null, scenes);
        await test.ImportAsync(string.Join('\n', UndoScenes.Call("Make", 1), UndoScenes.Call("Burn", 2), "- fault: authentication"), UndoScenes.Rules, On, UndoScenes.Tools);
        var (planned, _) = await RunAsync(test, planOnly: true);
        var (result, events) = await RunAsync(test);

        Assert.Empty(planned.Undone);
        var story = new List<string>();
        await foreach (var line in test.Workspace.Sessions.TellAsync([result.Session], follow: false, CancellationToken.None))
        {
            story.Add(line.Text);
        }

        Assert.Contains(story, line => line.StartsWith("The session failed, Failed: ", StringComparison.Ordinal) && line.EndsWith("It began to undo what it had done.", StringComparison.Ordinal));
        Assert.Contains("Burn (c2) was not undone, impossible: The tool 'Burn' has no compensation.", story);
        Assert.Contains(story, line => line.StartsWith("To undo c1, Unmake", StringComparison.Ordinal));
        Assert.EndsWith("1 of 2 calls that changed something were undone.", story[^1], StringComparison.Ordinal);
        Assert.Contains(events, item => item.Kind == SessionEventKind.Undoing);
        using var stream = new MemoryStream();
        var state = await test.Workspace.GetStateAsync(CancellationToken.None);
        WorkspaceSnapshot.Write(state, stream);
        stream.Position = 0;
        Assert.Equal(state.Sessions[result.Session].IsUndone, WorkspaceSnapshot.Read(stream).Sessions[result.Session].IsUndone);
    }

    /// <summary>Runs to the end, whatever it is; a fault is thrown after the event that has the result.</summary>
    private static async Task<(InvocationResult Result, List<SessionEvent> Events)> RunAsync(
        TestWorkspace test, Func<SessionEvent, bool>? when = null, Func<string, Task>? then = null, string? session = null, bool planOnly = false, CancellationToken cancellationToken = default)
    {
        var events = new List<SessionEvent>();
        try
        {
            await foreach (var item in test.Workspace.Invoker.InvokeAsync(new InvocationRequest { Agent = "a", Prompt = "go", Session = session, PlanOnly = planOnly }, cancellationToken))
            {
                events.Add(item);
                if (when?.Invoke(item) == true)
                {
                    await then!(item.Session);
                }
            }
        }
        catch (AgentOpsException)
        {
            // The result says how it ended.
        }

        return (events[^1].Result!, events);
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }
    }
}
