using System.Text.Json.Nodes;
using System.Threading.Channels;
using AgentOps.Engine.Agents;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Invocation;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Serialization;
using AgentOps.Engine.Tests.Ledger;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Tests.Invocation;

/// <summary>What a session's records name is there for whoever reads them.</summary>
public sealed class SessionJournalTests : IDisposable
{
    private readonly LedgerFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task A_record_waits_for_its_payload_to_be_readable_and_its_session_for_that_to_be_durable()
    {
        var projection = new WorkspaceProjection();
        await using var store = await _fixture.OpenAsync(projection);
        using var journal = Journal(store, projection);
        var (readable, kept) = (new TaskCompletionSource(), new TaskCompletionSource());
        journal.HoldFor(new PayloadWrite("sha256:0", readable.Task, kept.Task));
        journal.Hold(EventTypes.SessionOpened, Opened, shown: null);

        // What is appended after an append that did not wait would come after it.
        var append = journal.AppendAsync((_, _, _) => true).AsTask();
        await store.AppendAsync([new NewEvent(EventTypes.NotifierRemoved, EventTypes.Version, new JsonObject().With("name", "none"))], CancellationToken.None);
        Assert.Equal((0, false), (projection.Current.Sessions.Count, append.IsCompleted));
        readable.SetResult();
        while (projection.Current.Sessions.IsEmpty)
        {
            await store.RefreshAsync(CancellationToken.None);
        }

        Assert.False(append.IsCompleted);
        kept.SetResult();
        Assert.True(await append);
    }

    [Fact]
    public async Task A_payload_that_can_not_be_written_is_told_and_its_session_can_be_ended()
    {
        var projection = new WorkspaceProjection();
        await using var store = await _fixture.OpenAsync(projection);
        using var journal = Journal(store, projection);
        var failed = Task.FromException(new AgentOpsException(ErrorCodes.StoreUnavailable, "The disk is full."));
        journal.HoldFor(new PayloadWrite("sha256:0", failed, failed));
        journal.Hold(EventTypes.SessionOpened, Opened, shown: null);
        var fault = await Assert.ThrowsAsync<AgentOpsException>(async () => await journal.AppendAsync((_, _, _) => true));
        Assert.Equal((ErrorCodes.StoreUnavailable, 0), (fault.Code, projection.Current.Sessions.Count));
        Assert.True(await journal.AppendAsync((_, _, _) => true));
        Assert.Single(projection.Current.Sessions);
    }

    private static JsonObject Opened => new JsonObject().With("agent", "a").With("runner", AgentOps.Engine.Sessions.SessionRunner.OfThisProcess().ToJson());

    private static SessionJournal Journal(ILedgerStore store, WorkspaceProjection projection)
    {
        var scope = new SessionScope
        {
            Id = "s",
            Agent = "a",
            OnBehalfOf = "os:me",
            Lease = 1,
            Task = null,
            PlanOnly = false,
            NoWait = false,
            Limits = new InvocationLimits(),
            Started = DateTimeOffset.UnixEpoch,
            WorkFolder = string.Empty,
        };
        return new SessionJournal(new WorkspaceLedger(store, projection), scope, Channel.CreateUnbounded<SessionEvent>().Writer);
    }
}
