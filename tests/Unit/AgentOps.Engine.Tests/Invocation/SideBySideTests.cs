using System.Collections.Concurrent;
using System.Globalization;
using AgentOps.Engine.Invocation;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Sessions;
using AgentOps.Engine.Tools;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Tests.Invocation;

/// <summary>Several calls of one turn: those that only read run side by side, and the ledger says the same as if they had not.</summary>
public sealed class SideBySideTests
{
    private const string Open = "- {id: all, effect: permit, resources: ['tool:Read', 'tool:Page', 'tool:After', 'tool:Clean', 'tool:Few', 'tool:Write']}";

    [Fact]
    public async Task Reads_run_at_once_and_are_recorded_in_order_in_one_append()
    {
        var executor = new Meter { Together = 4 };
        await using var test = await OpenAsync(executor, Open, [.. Enumerable.Range(1, 4).Select(n => ("Read", 5 - n))]);

        var (result, events) = await test.InvokeAsync();

        Assert.Equal((SessionStatus.Completed, 4), (result.Status, result.ToolCalls));
        Assert.Equal(4, executor.Most);
        var audit = await test.AuditAsync(result.Session);
        var started = audit.Where(record => record.Type == EventTypes.ToolStarted).ToArray();
        Assert.Equal(["c1", "c2", "c3", "c4"], started.Select(Call));
        Assert.Equal(started[0].Sequence + 3, started[3].Sequence);
        Assert.Single(started.Select(record => record.Time).Distinct());
        Assert.Equal(["c1", "c2", "c3", "c4"], audit.Where(record => record.Type == EventTypes.ToolCompleted).Select(Call));
        Assert.Equal(["c1", "c2", "c3", "c4"], events.Where(item => item.Kind == SessionEventKind.ToolCompleted).Select(item => item.Call));
        Assert.NotEqual([1, 2, 3, 4], executor.Ended.Select(ended => ended.Number).Reverse());
    }

    [Fact]
    public async Task A_call_that_changes_something_waits_for_those_before_and_is_waited_for()
    {
        var executor = new Meter();
        await using var test = await OpenAsync(executor, Open, ("Read", 1), ("Read", 2), ("Write", 3), ("Write", 4), ("Read", 5), ("Read", 6));

        await test.InvokeAsync();

        Assert.Equal(["+1", "+2", "-1-2", "+3", "-3", "+4", "-4", "+5", "+6", "-5-6"], executor.Log());
    }

    [Fact]
    public async Task No_more_run_at_once_than_the_bound_and_no_limit_is_passed()
    {
        var executor = new Meter();
        await using var test = await OpenAsync(executor, Open, "limits: {maxToolCalls: 11}", [.. Enumerable.Range(1, 20).Select(n => ("Read", n))]);

        var (result, _) = await test.InvokeAsync();

        Assert.Equal((SessionStatus.LimitReached, 11, 11), (result.Status, result.ToolCalls, executor.Ended.Count));
        Assert.InRange(executor.Most, 2, 8);
    }

    [Fact]
    public async Task A_limit_of_the_rules_is_never_passed()
    {
        var executor = new Meter();
        await using var test = await OpenAsync(
            executor, Open + "\n- {id: few, effect: require, resources: ['tool:Few'], obligations: [{limit: {key: agent, sum: calls, max: \"3\", window: P1D}}]}", [.. Enumerable.Range(1, 7).Select(n => ("Few", n))]);

        var (result, _) = await test.InvokeAsync();

        Assert.Equal((3, 4), (result.ToolCalls, result.Refusals));
        Assert.Equal([1, 2, 3], executor.Ended.Select(ended => ended.Number));
    }

    [Fact]
    public async Task A_stop_ends_all_of_them()
    {
        var executor = new Meter { Duration = TimeSpan.FromMinutes(1) };
        await using var test = await OpenAsync(executor, Open, [.. Enumerable.Range(1, 5).Select(n => ("Read", n))]);
        await using var elsewhere = await TestWorkspace.OpenAsync(test.Folder, new Meter());

        InvocationResult? result = null;
        await foreach (var item in test.Workspace.Invoker.InvokeAsync(new InvocationRequest { Agent = "a", Prompt = "go" }, CancellationToken.None))
        {
            result = item.Result ?? result;
            if (item.Kind == SessionEventKind.ToolStarted && item.Call == "c5")
            {
                await elsewhere.Workspace.Sessions.StopAsync(item.Session, "enough", CancellationToken.None);
            }
        }

        Assert.Equal(SessionStatus.Stopped, result!.Status);
        Assert.Equal(5, executor.Cancelled);
        var audit = await test.AuditAsync(result.Session);
        Assert.Equal(5, audit.Count(record => record.Type == EventTypes.ToolCompleted && Outcome(record) == "error"));
        Assert.False((await test.Workspace.Sessions.GetAsync(result.Session, CancellationToken.None)).IsInDoubt);
    }

    [Fact]
    public async Task A_fault_of_one_leaves_none_running_and_all_recorded()
    {
        var executor = new Meter { FaultAt = 2 };
        await using var test = await OpenAsync(executor, Open, ("Read", 1), ("Read", 2), ("Read", 3));

        await Assert.ThrowsAsync<Errors.AgentOpsException>(() => test.InvokeAsync());

        Assert.Equal(0, executor.Running);
        var audit = await test.AuditAsync();
        Assert.Equal(["ok", "error", "ok"], audit.Where(record => record.Type == EventTypes.ToolCompleted).Select(Outcome));
    }

    [Theory]
    [InlineData("Clean")]
    [InlineData("Write")]
    public async Task What_a_call_brought_counts_for_the_next_of_the_same_turn(string next)
    {
        var executor = new Meter();
        await using var test = await OpenAsync(
            executor, Open + $"\n- {{id: clean, effect: forbid, resources: ['tool:{next}'], when: [{{fact: session.taint, anyOf: [untrusted]}}]}}", ("Page", 1), (next, 2), ("Read", 3));

        var (result, events) = await test.InvokeAsync();

        Assert.Equal((2, 1), (result.ToolCalls, result.Refusals));
        Assert.Equal(next, Assert.Single(events, item => item.Kind == SessionEventKind.ToolRefused).Tool);
    }

    /// <summary>
    /// The oracle is a model that proposes the same calls one a turn: over random calls and rules that ask for history, taint and limits,
    /// each call is decided alike, for the same reason, and has the same outcome.
    /// </summary>
    [Fact]
    public async Task The_ledger_says_what_it_would_say_of_one_call_after_the_other()
    {
        const string Rules = """
            - {id: some, effect: permit, resources: ['tool:Read', 'tool:Page', 'tool:Clean', 'tool:Few', 'tool:Write']}
            - {id: after, effect: permit, resources: ['tool:After'], when: [{history: {tool: Read, outcome: ok, within: PT1H, sameSession: true}}]}
            - {id: clean, effect: forbid, resources: ['tool:Clean'], when: [{fact: session.taint, anyOf: [untrusted]}]}
            - {id: early, effect: forbid, resources: ['tool:Page'], when: [{fact: session.toolCalls, gte: 6}]}
            - {id: few, effect: require, resources: ['tool:Few'], obligations: [{limit: {key: agent, sum: calls, max: "2", window: P1D}}]}
            """;
        string[] tools = ["Read", "Page", "After", "Clean", "Few", "Write", "Read", "None"];
        for (var seed = 1; seed <= 8; seed++)
        {
            var random = new Random(seed);
            var calls = Enumerable.Range(0, 10).Select(_ => (tools[random.Next(tools.Length)], random.Next(4))).ToArray();
            await using var together = await OpenAsync(new Meter(), Rules, calls);
            await using var apart = await OpenAsync(new Meter(), Rules, string.Empty, calls, isApart: true);

            await together.InvokeAsync();
            await apart.InvokeAsync();

            Assert.Equal(await MeaningAsync(apart), await MeaningAsync(together));
        }
    }

    private static async Task<IReadOnlyList<string>> MeaningAsync(TestWorkspace test) => (await test.AuditAsync())
        .Where(record => record.Type is EventTypes.ToolStarted or EventTypes.ToolRefused or EventTypes.ToolCompleted)
        .Select(record => $"{Call(record)} {record.Type} {record.Data.GetProperty("tool")} {Property(record, "arguments")} {Property(record, "rules")} {Property(record, "reason")} {Property(record, "outcome")} {Property(record, "untrusted")}")
        .Order(StringComparer.Ordinal)
        .ToArray();

    private static string Call(LedgerRecord record) => record.Data.GetProperty("call").GetString()!;

    private static string Outcome(LedgerRecord record) => record.Data.GetProperty("outcome").GetString()!;

    private static string Property(LedgerRecord record, string name) => record.Data.TryGetProperty(name, out var value) ? value.GetRawText() : string.Empty;

    private static Task<TestWorkspace> OpenAsync(Meter executor, string rules, params (string Tool, int Number)[] calls) => OpenAsync(executor, rules, string.Empty, calls);

    private static async Task<TestWorkspace> OpenAsync(Meter executor, string rules, string agent, (string Tool, int Number)[] calls, bool isApart = false)
    {
        var test = await TestWorkspace.OpenAsync(null, executor);
        var proposed = calls.Select(call => string.Create(CultureInfo.InvariantCulture, $"{{tool: {call.Tool}, arguments: {{Number: {call.Number}}}}}"));
        var steps = isApart ? string.Join('\n', proposed.Select(call => $"- call: {call}")) : $"- call: [{string.Join(", ", proposed)}]";
        string[] names = ["Read", "Page", "After", "Clean", "Few", "Write"];
        var tools = string.Join("\n---\n", names.Select(name => $$$"""
            apiVersion: agentops/v1
            kind: Tool
            name: {{{name}}}
            command: {name: x}
            parameters: {Number: {type: integer, mandatory: true}}
            sideEffect: {{{(name == "Write" ? "irreversible" : "none")}}}
            """));
        await test.ImportAsync(steps + "\n- say: done", rules, agent, tools);
        return test;
    }

    /// <summary>Counts what runs at once. A call of number zero fails; Page answers from outside.</summary>
    private sealed class Meter : IToolExecutor
    {
        private readonly ConcurrentQueue<string> _log = [];
        private readonly TaskCompletionSource _full = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _running;
        private int _cancelled;

        public ToolKind Kind => ToolKind.Command;

        public string Isolation => "none";

        public bool NeedsFolder => false;

        /// <summary>Calls that wait for each other; none ends before so many run.</summary>
        public int Together { get; init; }

        public TimeSpan Duration { get; init; } = TimeSpan.FromMilliseconds(20);

        public int FaultAt { get; init; } = -1;

        public int Most { get; private set; }

        public int Running => _running;

        public int Cancelled => _cancelled;

        public ConcurrentQueue<(string Tool, int Number)> Ended { get; } = [];

        /// <summary>What began (+) and ended (-); ends that follow each other stand together, in order of their numbers.</summary>
        public IEnumerable<string> Log()
        {
            var ends = new List<string>();
            foreach (var entry in _log.Append("+"))
            {
                if (entry[0] == '-')
                {
                    ends.Add(entry);
                    continue;
                }

                if (ends.Count > 0)
                {
                    yield return string.Concat(ends.Order(StringComparer.Ordinal));
                    ends.Clear();
                }

                if (entry.Length > 1)
                {
                    yield return entry;
                }
            }
        }

        public async ValueTask<ToolOutcome> ExecuteAsync(ToolInvocation invocation, CancellationToken cancellationToken)
        {
            var number = (int)invocation.Arguments["Number"].AsInteger()!.Value;
            lock (_log)
            {
                Most = Math.Max(Most, ++_running);
                _log.Enqueue(FormattableString.Invariant($"+{number}"));
                if (_running == Together)
                {
                    _full.SetResult();
                }
            }

            try
            {
                if (Together > 0)
                {
                    await _full.Task.WaitAsync(TimeSpan.FromSeconds(30), cancellationToken);
                    await Task.Delay(TimeSpan.FromMilliseconds(40 * number), cancellationToken);
                }

                await Task.Delay(Duration, cancellationToken);
                if (number == FaultAt)
                {
                    throw new InvalidOperationException("The executor broke.");
                }

                Ended.Enqueue((invocation.Tool.Name, number));
                return new ToolOutcome(number != 0, $"{invocation.Tool.Name} {number}", IsUntrusted: invocation.Tool.Name == "Page");
            }
            catch (OperationCanceledException)
            {
                Interlocked.Increment(ref _cancelled);
                throw;
            }
            finally
            {
                lock (_log)
                {
                    _running--;
                    _log.Enqueue(FormattableString.Invariant($"-{number}"));
                }
            }
        }
    }
}
