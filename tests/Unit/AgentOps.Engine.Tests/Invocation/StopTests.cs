using System.Diagnostics;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Invocation;
using AgentOps.Engine.Sessions;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Tests.Invocation;

public sealed class StopTests
{
    private const string Permit = "- {id: all, effect: permit, resources: ['tool:Sleep', 'tool:Echo']}";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_stop_or_a_suspension_from_elsewhere_ends_the_tool_and_nothing_follows(bool stop)
    {
        await using var test = await TestWorkspace.OpenAsync();
        await test.ImportAsync("""
            - call: {tool: Sleep, arguments: {Seconds: 60}}
            - call: {tool: Echo, arguments: {Text: never}}
            """, Permit);
        await using var elsewhere = await TestWorkspace.OpenAsync(test.Folder);

        var stopped = 0L;
        var events = new List<SessionEvent>();
        await foreach (var item in test.Workspace.Invoker.InvokeAsync(new InvocationRequest { Agent = "a", Prompt = "go" }, CancellationToken.None))
        {
            events.Add(item);
            if (item.Kind == SessionEventKind.ToolStarted)
            {
                if (stop)
                {
                    await elsewhere.Workspace.Sessions.StopAsync(item.Session, "enough", CancellationToken.None);
                }
                else
                {
                    await elsewhere.Workspace.Agents.SuspendAsync("a", "enough", CancellationToken.None);
                }

                stopped = Stopwatch.GetTimestamp();
            }
        }

        var result = events[^1].Result!;
        Assert.Equal(SessionStatus.Stopped, result.Status);
        Assert.True(Stopwatch.GetElapsedTime(stopped) < TimeSpan.FromSeconds(10), "the tool sleeps for 60 s");

        var audit = await test.AuditAsync();
        var stopRecord = audit.FindIndex(record => record.Type is EventTypes.SessionStopRequested or EventTypes.AgentSuspended);
        Assert.DoesNotContain(audit.Skip(stopRecord), record => record.Type is EventTypes.ToolStarted or EventTypes.ModelRequested);
        Assert.Equal("unknown", audit.Single(record => record.Type == EventTypes.ToolCompleted).Data.GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task A_session_that_has_ended_can_not_be_stopped()
    {
        await using var test = await TestWorkspace.OpenAsync();
        await test.ImportAsync("- say: done", Permit);
        var (result, _) = await test.InvokeAsync();

        var fault = await Assert.ThrowsAsync<AgentOpsException>(async () => await test.Workspace.Sessions.StopAsync(result.Session, null, CancellationToken.None));

        Assert.Equal(ErrorCodes.SessionNotRunning, fault.Code);
    }

    [Fact]
    public async Task Cancelling_the_caller_ends_the_session_as_stopped()
    {
        await using var test = await TestWorkspace.OpenAsync();
        await test.ImportAsync("- call: {tool: Sleep, arguments: {Seconds: 60}}", Permit);
        using var cancel = new CancellationTokenSource();

        InvocationResult? result = null;
        await foreach (var item in test.Workspace.Invoker.InvokeAsync(new InvocationRequest { Agent = "a", Prompt = "go" }, cancel.Token))
        {
            if (item.Kind == SessionEventKind.ToolStarted)
            {
                await cancel.CancelAsync();
            }

            result = item.Result ?? result;
        }

        Assert.Equal(SessionStatus.Stopped, result!.Status);
        Assert.Equal("The caller stopped it.", result.Reason);
    }
}
