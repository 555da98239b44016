using System.Text.Json.Nodes;
using AgentOps.Engine.Agents;
using AgentOps.Engine.Invocation;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Serialization;
using AgentOps.Engine.Sessions;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Tests.Invocation;

/// <summary>What clients' calls set aside, as the state has it.</summary>
public class ServedReservationTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly SessionRunner Here = SessionRunner.OfThisProcess();
    private static readonly SessionRunner Elsewhere = new("another-machine", 7, Now);
    private static readonly SessionRunner Gone = Here with { ProcessStarted = Here.ProcessStarted - TimeSpan.FromDays(1) };

    [Fact]
    public void A_snapshot_keeps_them()
    {
        var state = After(Opened, Requested("r", 2, Now.AddMinutes(5), Elsewhere));
        using var stream = new MemoryStream();
        WorkspaceSnapshot.Write(state, stream);
        stream.Position = 0;
        Assert.Equal(
            new ServedReservation("r", "s", 2, Now.AddMinutes(5), Elsewhere) { Route = "chat", Provider = "p", Model = "m" },
            Assert.Single(WorkspaceSnapshot.Read(stream).ServedCalls.Values));
    }

    [Fact]
    public void An_end_of_the_runner_settles_its_own_call_and_no_clients()
    {
        var ended = After(Opened, Own(1), Requested("r", 2, Now.AddMinutes(5), Here), Ended);
        Assert.Equal((1m, 2m), Money(ended));
        Assert.Equal((1m, 2m), (ended.Agents["a"].Spent, ended.Agents["a"].Reserved));
        var settled = After(Opened, Own(1), Requested("r", 2, Now.AddMinutes(5), Here), Ended, Failed("r", released: 2, cost: 0.5m));
        Assert.Equal((1.5m, 0m), Money(settled));
        Assert.Equal((1.5m, 0m), (settled.Agents["a"].Spent, settled.Agents["a"].Reserved));
        Assert.Empty(settled.ServedCalls);
    }

    [Fact]
    public void A_call_is_lost_once_its_process_is_gone_or_its_time_is_over()
    {
        var lost = new LostCalls(Here);
        var state = After(Opened, Requested("own", 1, Now, Here), Requested("far", 2, Now, Elsewhere), Requested("gone", 4, Now.AddHours(1), Gone));
        Assert.Equal(["gone"], Ids(Now.AddTicks(-1)));
        Assert.Equal(["far", "gone", "own"], Ids(Now));
        Assert.Equal((7m, 0m), Money(Preview(state, lost.Settle(state, Now))));

        string[] Ids(DateTimeOffset at) => [.. lost.Settle(state, at).Select(settled => (string)settled.Data["reservation"]!)];
    }

    private static (decimal Cost, decimal Reserved) Money(WorkspaceState state) => (state.Sessions["s"].Cost, state.Sessions["s"].Reserved);

    private static WorkspaceState After(params NewEvent[] events) =>
        Preview(WorkspaceState.Empty, events.Prepend(new NewEvent(EventTypes.AgentCreated, 1, new AgentDefinition { Name = "a", Route = "chat" }.ToJson())));

    private static WorkspaceState Preview(WorkspaceState state, IEnumerable<NewEvent> events) =>
        WorkspaceProjection.Preview(state, events.Select(RecordCodec.Preview), 1, Now);

    private static NewEvent Opened => Of(EventTypes.SessionOpened, new JsonObject().With("agent", "a").With("runner", Here.ToJson()));

    private static NewEvent Ended => Of(EventTypes.SessionEnded, new JsonObject().With("status", nameof(SessionStatus.Completed)).With("reason", "done"));

    private static NewEvent Own(decimal reserved) => Of(EventTypes.ModelRequested, new JsonObject().With("reserved", (decimal?)reserved));

    private static NewEvent Requested(string id, decimal reserved, DateTimeOffset expires, SessionRunner server) => Of(EventTypes.ModelRequested, ServedReservation.Write(
        new JsonObject().With("purpose", "served").With("route", "chat").With("provider", "p").With("model", "m").With("reserved", (decimal?)reserved), id, expires, server));

    private static NewEvent Failed(string id, decimal released, decimal cost) => Of(EventTypes.ModelFailed, new JsonObject()
        .With("purpose", "served").With("reservation", id).With("released", (decimal?)released).With("cost", (decimal?)cost));

    private static NewEvent Of(string type, JsonObject data) => new(type, EventTypes.Version, data) { Session = "s", Agent = "a", OnBehalfOf = "os:me" };
}
