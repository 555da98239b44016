using AgentOps.Engine.Invocation;
using AgentOps.Engine.Memories;
using AgentOps.Engine.Tests.Invocation;

namespace AgentOps.Engine.Tests.Memories;

/// <summary>What a session wrote into its agent's memory, undone: what stood before stands again, as it was, unless somebody has written it since.</summary>
public sealed class MemoryUndoTests
{
    private const string Remember = "- call: {tool: remember, arguments: {Name: plan, Value: buy milk}}";
    private const string Replace = "- call: {tool: remember, arguments: {Name: Plan, Value: sell all}}";
    private const string Forget = "- call: {tool: forget, arguments: {Name: plan}}";
    private const string SeeSecrets = "- call: {tool: See, arguments: {Class: confidential, Outside: true}}";
    private const string Cleared = "memory: {clearance: confidential}";

    /// <summary>The tools of the bench, where what remembers is undone by what forgets, and the other way round.</summary>
    private static readonly string Tools = MemoryBench.Tools
        .Replace("memory: {operation: remember}", "memory: {operation: remember}\nsideEffect: reversible\ncompensation: forget", StringComparison.Ordinal)
        .Replace("memory: {operation: forget}", "memory: {operation: forget}\nsideEffect: reversible\ncompensation: remember", StringComparison.Ordinal);

    [Theory]
    [InlineData(Replace)]
    [InlineData(Forget)]
    [InlineData(Forget + "\n" + Replace)]
    [InlineData(Replace + "\n" + Forget)]
    [InlineData(Replace + "\n" + Remember + "\n" + Forget + "\n" + Replace)]
    public async Task What_stood_before_a_session_stands_again_as_it_was(string steps)
    {
        await using var test = await MemoryBench.OpenAsync();
        var (author, _) = await PlayAsync(test, SeeSecrets + "\n" + Remember);
        var before = await FactAsync(test);
        var (session, _) = await PlayAsync(test, steps);

        var undone = await UndoAsync(test, session.Session);

        Assert.All(undone, call => Assert.Equal((UndoOutcome.Undone, string.Empty), (call.Outcome, call.Reason)));
        Assert.Equal(steps.Split('\n').Length, undone.Count);
        var after = await FactAsync(test);
        Assert.Equal(before, after);
        Assert.Equal((author.Session, "plan", "confidential", true), (after!.Session, after.Name, after.DataClass, after.IsUntrusted));
        Assert.Equal("buy milk", await test.Workspace.Memory.ReadAsync(after, CancellationToken.None));
        Assert.Empty(await UndoAsync(test, session.Session));

        // A process that reads the ledger anew, and a snapshot, say the same.
        await using var later = await MemoryBench.OpenAsync(test.Folder);
        Assert.Equal(before, await FactAsync(later));
    }

    [Theory]
    [InlineData(Remember)]
    [InlineData(Remember + "\n" + Forget + "\n" + Replace)]
    public async Task Where_nothing_stood_nothing_stands_again(string steps)
    {
        await using var test = await MemoryBench.OpenAsync();
        var (session, _) = await PlayAsync(test, steps);

        var undone = await UndoAsync(test, session.Session);

        Assert.All(undone, call => Assert.Equal(UndoOutcome.Undone, call.Outcome));
        Assert.Null(await FactAsync(test));
    }

    [Theory]
    [InlineData(Replace, Remember)]
    [InlineData(Forget, Remember)]
    [InlineData(Forget, Remember + "\n" + Forget)]
    [InlineData(Replace, Forget)]
    public async Task What_somebody_has_written_or_dropped_since_stays_and_the_reason_is_told(string steps, string since)
    {
        await using var test = await MemoryBench.OpenAsync();
        await PlayAsync(test, Remember);
        var (session, _) = await PlayAsync(test, steps);
        await PlayAsync(test, since);
        var before = await FactAsync(test);

        var undone = await UndoAsync(test, session.Session);

        var call = Assert.Single(undone);
        Assert.Equal(UndoOutcome.Failed, call.Outcome);
        Assert.Contains("was written or dropped since; it stays as it is. Nothing was changed.", call.Reason, StringComparison.Ordinal);
        Assert.Equal(before, await FactAsync(test));
    }

    [Fact]
    public async Task What_was_written_since_and_undone_is_in_nobodys_way()
    {
        await using var test = await MemoryBench.OpenAsync();
        await PlayAsync(test, Remember);
        var before = await FactAsync(test);
        var (first, _) = await PlayAsync(test, Forget);
        var (second, _) = await PlayAsync(test, Replace);

        await UndoAsync(test, second.Session);
        var undone = await UndoAsync(test, first.Session);

        Assert.Equal(UndoOutcome.Undone, Assert.Single(undone).Outcome);
        Assert.Equal(before, await FactAsync(test));
    }

    [Fact]
    public async Task An_agent_created_anew_is_not_given_what_the_one_before_kept()
    {
        await using var test = await MemoryBench.OpenAsync();
        await PlayAsync(test, Remember);
        var (session, _) = await PlayAsync(test, Forget);
        await test.Workspace.Agents.RemoveAsync("a", CancellationToken.None);
        await PlayAsync(test, "- call: {tool: recall, arguments: {}}");

        var undone = await UndoAsync(test, session.Session);

        Assert.Equal(UndoOutcome.Failed, Assert.Single(undone).Outcome);
        Assert.Null(await FactAsync(test));
    }

    [Fact]
    public async Task What_was_erased_meanwhile_is_told_to_be_erased_again()
    {
        await using var test = await MemoryBench.OpenAsync();
        await PlayAsync(test, Remember);
        var before = await FactAsync(test);
        var (session, _) = await PlayAsync(test, Replace);
        await test.Workspace.Ledger.ErasePayloadsAsync(DateTimeOffset.UtcNow.AddMinutes(1), CancellationToken.None);

        var undone = await UndoAsync(test, session.Session);

        Assert.Equal(UndoOutcome.Undone, Assert.Single(undone).Outcome);
        Assert.Equal(before, await FactAsync(test));
        Assert.Null(await test.Workspace.Memory.ReadAsync(before!, CancellationToken.None));
    }

    [Fact]
    public async Task A_tool_for_one_persons_facts_does_not_undo_what_was_written_for_all()
    {
        await using var test = await MemoryBench.OpenAsync();
        var crossed = Tools.Replace("shared: true}", "shared: true}\nsideEffect: reversible\ncompensation: forget", StringComparison.Ordinal).Replace("memory: {operation: recall, shared: true}\nsideEffect: reversible\ncompensation: forget", "memory: {operation: recall, shared: true}", StringComparison.Ordinal);
        var (session, _) = await test.PlayAsync("- call: {tool: remember-all, arguments: {Name: plan, Value: for all}}", tools: crossed);

        var undone = await UndoAsync(test, session.Session);

        Assert.Equal((UndoOutcome.Failed, "The call changed a fact that this tool doesn't reach. Nothing was changed."), (Assert.Single(undone).Outcome, undone[0].Reason));
        Assert.NotNull(await FactAsync(test));
    }

    [Fact]
    public async Task Undoing_needs_its_permit_and_no_record_of_it_holds_a_value()
    {
        const string Rules = MemoryBench.Permits + "\n- {id: late, effect: forbid, resources: ['tool:forget']}";
        await using var test = await MemoryBench.OpenAsync();
        await PlayAsync(test, Remember);
        var (session, _) = await test.PlayAsync(Replace, Rules, tools: Tools);

        var refused = await UndoAsync(test, session.Session);
        await PlayAsync(test, "- call: {tool: recall, arguments: {Name: plan}}");
        var undone = await UndoAsync(test, session.Session);

        Assert.Equal((UndoOutcome.Refused, UndoOutcome.Undone), (Assert.Single(refused).Outcome, Assert.Single(undone).Outcome));
        Assert.DoesNotContain(await test.AuditAsync(), record => record.Session is not null && (record.Data.GetRawText().Contains("buy milk", StringComparison.Ordinal) || record.Data.GetRawText().Contains("sell all", StringComparison.Ordinal)));
        var told = new List<string>();
        await foreach (var line in test.Workspace.Sessions.TellAsync([session.Session], follow: false, CancellationToken.None))
        {
            told.Add(line.Text);
        }

        Assert.Contains(told, line => line.EndsWith($"a keeps the fact 'plan' (internal) for {test.Workspace.OnBehalfOf} again, as it was before.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_session_that_fails_leaves_its_agents_memory_as_it_was()
    {
        await using var test = await MemoryBench.OpenAsync();
        await PlayAsync(test, Remember);
        var before = await FactAsync(test);

        await test.ImportAsync(Replace + "\n" + Forget + "\n- call: {tool: recall, arguments: {}}\n- say: done", MemoryBench.Permits, "undoOnFailure: true\nlimits: {maxSteps: 2}", Tools);
        var (result, _) = await test.InvokeAsync();

        Assert.Equal([UndoOutcome.Undone, UndoOutcome.Undone], result.Undone.Select(call => call.Outcome));
        Assert.Equal(before, await FactAsync(test));
    }

    private static Task<(InvocationResult Result, SessionEvent[] Outcomes)> PlayAsync(TestWorkspace test, string steps) => test.PlayAsync(steps, agent: Cleared, tools: Tools);

    private static Task<IReadOnlyList<UndoneCall>> UndoAsync(TestWorkspace test, string session) => test.Workspace.Invoker.UndoAsync(session, noWait: false, CancellationToken.None);

    private static async Task<MemoryFact?> FactAsync(TestWorkspace test) => (await test.Workspace.Memory.ListAsync(CancellationToken.None)).SingleOrDefault();
}
