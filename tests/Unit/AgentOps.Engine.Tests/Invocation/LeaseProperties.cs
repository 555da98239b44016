using System.Text.Json.Nodes;
using System.Threading.Channels;
using AgentOps.Engine.Agents;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Invocation;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Sessions;
using AgentOps.Engine.Tests.Ledger;
using AgentOps.Engine.Tests.Routing;
using AgentOps.Engine.Workspaces;
using FsCheck;
using FsCheck.Fluent;

namespace AgentOps.Engine.Tests.Invocation;

/// <summary>
/// Runners with their own view of one store take a session over, write and pause in any order. The model is one variable: who took
/// it over last. Whatever the order, exactly that one writes.
/// </summary>
public sealed class LeaseProperties
{
    private const int Runners = 3;

    private enum Kind
    {
        Write,
        Take,
        Pause,
        LongPause,
    }

    [Fact]
    public void Only_the_newest_runner_writes() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(25),
        Prop.ForAll(
            Gen.Elements(Enum.GetValues<Kind>()).SelectMany(kind => Gen.Choose(0, Runners - 1).Select(runner => (kind, runner))).ListOf(24).ToArbitrary(),
            steps => PlayAsync([.. steps]).GetAwaiter().GetResult()));

    private static async Task PlayAsync((Kind Kind, int Runner)[] steps)
    {
        using var fixture = new LedgerFixture();
        var time = new ManualTime();
        var ledgers = new List<WorkspaceLedger>();
        for (var i = 0; i < Runners; i++)
        {
            var projection = new WorkspaceProjection();
            ledgers.Add(new WorkspaceLedger(await fixture.OpenAsync(projection, time), projection));
        }

        var journals = new SessionJournal?[Runners];
        journals[0] = await OpenAsync(ledgers[0], time);
        var (holder, lease, renewed) = (0, 1, time.GetUtcNow());
        foreach (var (kind, runner) in steps)
        {
            switch (kind)
            {
                case Kind.Pause:
                    time.Advance(SessionLease.Duration / 3);
                    break;
                case Kind.LongPause:
                    time.Advance(SessionLease.Duration * 2);
                    break;
                case Kind.Take:
                    var isFree = time.GetUtcNow() - renewed > SessionLease.Duration;
                    var taken = await TryTakeAsync(ledgers[runner], time);
                    Assert.Equal(isFree, taken is not null);
                    if (taken is not null)
                    {
                        Assert.Equal(++lease, taken.Lease);
                        (holder, renewed) = (runner, time.GetUtcNow());
                        journals[runner] = Journal(ledgers[runner], lease, time);
                    }

                    break;
                default:
                    if (journals[runner] is { } journal)
                    {
                        Assert.Equal(runner == holder, await TryWriteAsync(journal));
                        renewed = runner == holder ? time.GetUtcNow() : renewed;
                    }

                    break;
            }
        }

        foreach (var ledger in ledgers)
        {
            await ledger.Store.DisposeAsync();
        }
    }

    private static async Task<SessionJournal> OpenAsync(WorkspaceLedger ledger, ManualTime time)
    {
        var journal = Journal(ledger, 1, time);
        await ledger.Store.AppendAsync(
            [new NewEvent(EventTypes.AgentCreated, 1, new AgentDefinition { Name = "a", Route = "r" }.ToJson())], CancellationToken.None);
        await journal.AppendAsync((_, _, draft) =>
        {
            draft.Add(journal.Record(EventTypes.SessionOpened, new JsonObject { ["agent"] = "a", ["runner"] = SessionRunner.ThisProcess("os:tester") }), shown: null);
            return true;
        });
        return journal;
    }

    private static async Task<SessionState?> TryTakeAsync(WorkspaceLedger ledger, ManualTime time)
    {
        try
        {
            return await new SessionTakeover(ledger, new PayloadStore(ledger.Store.Location), "os:tester", time).ResumeAsync("s");
        }
        catch (AgentOpsException fault) when (fault.Code == ErrorCodes.SessionTaken)
        {
            return null;
        }
    }

    private static async Task<bool> TryWriteAsync(SessionJournal journal)
    {
        try
        {
            return await journal.AppendAsync((_, _, draft) =>
            {
                draft.Add(journal.Record(EventTypes.ModelRequested, []), shown: null);
                return true;
            });
        }
        catch (AgentOpsException fault) when (fault.Code == ErrorCodes.SessionTaken)
        {
            return false;
        }
    }

    private static SessionJournal Journal(WorkspaceLedger ledger, int lease, ManualTime time) => new(
        ledger,
        new SessionScope
        {
            Id = "s",
            Agent = "a",
            OnBehalfOf = "os:test",
            Lease = lease,
            Task = null,
            PlanOnly = false,
            NoWait = false,
            Limits = new InvocationLimits(),
            Started = time.GetUtcNow(),
            WorkFolder = string.Empty,
        },
        Channel.CreateUnbounded<SessionEvent>().Writer);
}
