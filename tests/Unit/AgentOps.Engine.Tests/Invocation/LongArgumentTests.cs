using AgentOps.Engine.Sessions;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Tests.Invocation;

/// <summary>Arguments that are too long for a record: the call ran, so history knows of it.</summary>
public sealed class LongArgumentTests
{
    private static readonly string Steps = string.Join('\n', Enumerable.Range(0, 3).Select(number => $"- call: {{tool: Echo, arguments: {{Text: {new string((char)('a' + number), 17_000)}}}}}")) + "\n- say: done";

    [Theory]
    [InlineData("atMost: 1", 2)]
    [InlineData("atMost: 0, same: {Text: args.Text}", 1)]
    public async Task A_call_counts_however_long_its_arguments_are(string condition, int calls)
    {
        await using var test = await TestWorkspace.OpenAsync();
        await test.ImportAsync(Steps, $"- {{id: few, effect: permit, resources: ['tool:Echo'], when: [{{history: {{tool: Echo, within: P1D, {condition}}}}}]}}", tools: TestWorkspace.Echo);

        var (result, _) = await test.InvokeAsync();

        Assert.Equal((SessionStatus.Completed, calls, 3 - calls), (result.Status, result.ToolCalls, result.Refusals));
        var state = await test.Workspace.GetStateAsync(CancellationToken.None);
        using var stream = new MemoryStream();
        WorkspaceSnapshot.Write(state, stream);
        stream.Position = 0;
        Assert.Equal(state.Calls.ToJson().ToJsonString(), WorkspaceSnapshot.Read(stream).Calls.ToJson().ToJsonString());
        await using var other = await TestWorkspace.OpenAsync(test.Folder);
        Assert.Equal(state.Calls.ToJson().ToJsonString(), (await other.Workspace.GetStateAsync(CancellationToken.None)).Calls.ToJson().ToJsonString());
    }
}
