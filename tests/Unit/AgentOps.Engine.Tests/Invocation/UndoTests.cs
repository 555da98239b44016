using AgentOps.Engine.Errors;
using AgentOps.Engine.Invocation;
using AgentOps.Engine.Sessions;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Tests.Invocation;

/// <summary>What a session did, undone: in reverse, authorized, recorded, once.</summary>
public sealed class UndoTests
{
    private const string Permit = """
        - {id: do, effect: permit, resources: ['tool:Make', 'tool:Burn', 'tool:Slow']}
        """;

    private const string PermitUndo = Permit + """

        - {id: undo, effect: permit, resources: ['tool:Unmake']}
        """;

    private const string Tools = """
        apiVersion: agentops/v1
        kind: Tool
        name: Unmake
        process: {command: [sh, -c, 'rm "$0" && echo "$0" >> "$1"', "{File}", "{Log}"]}
        isolation: {write: [$OUTSIDE]}
        parameters: {File: {type: path, mandatory: true}, Log: {type: path, mandatory: true}}
        sideEffect: irreversible
        ---
        apiVersion: agentops/v1
        kind: Tool
        name: Make
        process: {command: [sh, -c, 'touch "$0" && echo "{\"File\":\"$0\"}"', "{Name}"]}
        isolation: {write: [$OUTSIDE]}
        parameters: {Name: {type: path, mandatory: true}, Log: {type: path, mandatory: true}}
        sideEffect: reversible
        compensation: Unmake
        ---
        apiVersion: agentops/v1
        kind: Tool
        name: Burn
        process: {command: [echo, burnt]}
        sideEffect: irreversible
        ---
        apiVersion: agentops/v1
        kind: Tool
        name: Slow
        process: {command: [sleep, "5"]}
        sideEffect: reversible
        compensation: Unmake
        timeout: PT0.2S
        """;

    [Fact]
    public async Task Compensations_run_in_reverse_with_arguments_from_call_and_output_and_only_once()
    {
        await using var test = await TestWorkspace.OpenAsync();
        var log = Path.Combine(test.Outside, "log");
        var files = new[] { "one", "two" }.Select(name => Path.Combine(test.Outside, name)).ToArray();
        await test.ImportAsync(Calls(log, files), PermitUndo, tools: Tools);
        var (result, _) = await test.InvokeAsync();
        Assert.All(files, file => Assert.True(File.Exists(file)));

        var undone = await test.Workspace.Invoker.UndoAsync(result.Session, noWait: false, CancellationToken.None);

        Assert.Equal(
            [("c4", UndoOutcome.Unknown), ("c3", UndoOutcome.Impossible), ("c2", UndoOutcome.Undone), ("c1", UndoOutcome.Undone)],
            undone.Select(call => (call.Call, call.Outcome)));
        Assert.All(files, file => Assert.False(File.Exists(file)));
        Assert.Equal(files.Reverse(), await File.ReadAllLinesAsync(log));
        Assert.Equal(SessionStatus.Undone, (await test.Workspace.Sessions.GetAsync(result.Session, CancellationToken.None)).Status);
        var intents = (await test.AuditAsync(result.Session)).Where(record => record.Type == EventTypes.ToolStarted && record.Data.TryGetProperty("compensates", out _));
        Assert.Equal(["c2", "c1"], intents.Select(record => record.Data.GetProperty("compensates").GetString()));

        var again = await test.Workspace.Invoker.UndoAsync(result.Session, noWait: false, CancellationToken.None);
        Assert.Equal(["c4", "c3"], again.Select(call => call.Call));
    }

    [Fact]
    public async Task A_compensation_that_is_not_allowed_is_reported_and_does_not_run()
    {
        await using var test = await TestWorkspace.OpenAsync();
        var file = Path.Combine(test.Outside, "one");
        await test.ImportAsync(Calls(Path.Combine(test.Outside, "log"), file), Permit, tools: Tools);
        var (result, _) = await test.InvokeAsync();

        var undone = await test.Workspace.Invoker.UndoAsync(result.Session, noWait: false, CancellationToken.None);

        Assert.Equal(UndoOutcome.Refused, undone.Single(call => call.Call == "c1").Outcome);
        Assert.True(File.Exists(file));
    }

    /// <summary>What a call brought may be erased; a compensation that needs it is refused, and the rest is tried.</summary>
    [Fact]
    public async Task An_erased_output_does_not_end_the_undoing()
    {
        await using var test = await TestWorkspace.OpenAsync();
        var files = new[] { "one", "two" }.Select(name => Path.Combine(test.Outside, name)).ToArray();
        await test.ImportAsync(Calls(Path.Combine(test.Outside, "log"), files), PermitUndo, tools: Tools);
        var (result, _) = await test.InvokeAsync();
        await test.Workspace.Ledger.ErasePayloadsAsync(DateTimeOffset.UtcNow.AddMinutes(1), CancellationToken.None);

        var undone = await test.Workspace.Invoker.UndoAsync(result.Session, noWait: false, CancellationToken.None);

        Assert.Equal([("c2", UndoOutcome.Refused), ("c1", UndoOutcome.Refused)], undone.Skip(2).Select(call => (call.Call, call.Outcome)));
        Assert.All(undone.Skip(2), call => Assert.Contains("File", call.Reason, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_undoing_that_is_stopped_at_once_lets_go_of_the_session()
    {
        await using var test = await TestWorkspace.OpenAsync();
        var file = Path.Combine(test.Outside, "one");
        await test.ImportAsync(Calls(Path.Combine(test.Outside, "log"), file), PermitUndo, tools: Tools);
        var (result, _) = await test.InvokeAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => test.Workspace.Invoker.UndoAsync(result.Session, noWait: false, new CancellationToken(canceled: true)));
        Assert.True(File.Exists(file));

        var undone = await test.Workspace.Invoker.UndoAsync(result.Session, noWait: false, CancellationToken.None);
        Assert.Equal(UndoOutcome.Undone, undone.Single(call => call.Call == "c1").Outcome);
    }

    [Fact]
    public async Task A_suspended_agents_session_can_be_undone_and_a_running_one_not()
    {
        await using var test = await TestWorkspace.OpenAsync();
        var file = Path.Combine(test.Outside, "one");
        await test.ImportAsync(Calls(Path.Combine(test.Outside, "log"), file), PermitUndo, tools: Tools);
        ErrorCode? refused = null;
        var session = string.Empty;
        await foreach (var item in test.Workspace.Invoker.InvokeAsync(new InvocationRequest { Agent = "a", Prompt = "go" }, CancellationToken.None))
        {
            session = item.Session;
            if (item is { Kind: SessionEventKind.ToolStarted, Tool: "Slow" })
            {
                refused = (await Assert.ThrowsAsync<AgentOpsException>(() => test.Workspace.Invoker.UndoAsync(session, noWait: false, CancellationToken.None))).Code;
                await test.Workspace.Sessions.StopAsync(session, "enough", CancellationToken.None);
                await test.Workspace.Agents.SuspendAsync("a", "enough", CancellationToken.None);
            }
        }

        var undone = await test.Workspace.Invoker.UndoAsync(session, noWait: false, CancellationToken.None);

        Assert.Equal(ErrorCodes.SessionTaken, refused);
        Assert.Equal(UndoOutcome.Undone, undone.Single(call => call.Call == "c1").Outcome);
        Assert.False(File.Exists(file));
    }

    [Fact]
    public async Task A_session_is_told_line_by_line_and_watched_to_its_end()
    {
        await using var test = await TestWorkspace.OpenAsync();
        await test.ImportAsync(Calls(Path.Combine(test.Outside, "log"), Path.Combine(test.Outside, "one")), PermitUndo, tools: Tools);
        await using var elsewhere = await TestWorkspace.OpenAsync(test.Folder);
        Task<List<StoryLine>>? watched = null;
        var session = string.Empty;
        await foreach (var item in test.Workspace.Invoker.InvokeAsync(new InvocationRequest { Agent = "a", Prompt = "go" }, CancellationToken.None))
        {
            session = item.Session;
            watched ??= ReadAsync(elsewhere, session, follow: true);
        }

        var told = await ReadAsync(test, session, follow: false);
        var seen = await watched!.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(told, seen);
        Assert.Equal("session.opened", told[0].Type);
        Assert.Contains("\"go\"", told[0].Text, StringComparison.Ordinal);
        Assert.Contains(told, line => line.Text.StartsWith("Make {", StringComparison.Ordinal) && line.Text.Contains("was allowed by p/do", StringComparison.Ordinal));
        Assert.Contains(told, line => line.Text.Contains("Burn ended, ok: burnt", StringComparison.Ordinal));
        Assert.Contains("Completed", told[^1].Text, StringComparison.Ordinal);
        Assert.Equal(told.Select(line => line.Sequence).Order(), told.Select(line => line.Sequence));
    }

    private static async Task<List<StoryLine>> ReadAsync(TestWorkspace test, string session, bool follow)
    {
        var lines = new List<StoryLine>();
        await foreach (var line in test.Workspace.Sessions.TellAsync([session], follow, CancellationToken.None))
        {
            lines.Add(line);
        }

        return lines;
    }

    private static string Calls(string log, params string[] files) => string.Join('\n', files
        .Select(file => $"- call: {{tool: Make, arguments: {{Name: {file}, Log: {log}}}}}")
        .Append("- call: {tool: Burn, arguments: {}}")
        .Append("- call: {tool: Slow, arguments: {}}")
        .Append("- say: done"));
}
