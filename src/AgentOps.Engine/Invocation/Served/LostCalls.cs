using System.Text.Json.Nodes;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Serialization;
using AgentOps.Engine.Sessions;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Invocation;

/// <summary>
/// Clients' calls whose server ended before it said what they cost. Nobody knows what became of them, and money is never found again:
/// what was set aside counts as spent, from the moment that its server is found to be gone, or that the call must have ended.
/// </summary>
/// <param name="self">This process, which knows its own calls.</param>
internal sealed class LostCalls(SessionRunner self)
{
    private const string Reason = "The server that answered it ended before it said what the call cost; what was set aside counts as spent.";

    /// <summary>This process.</summary>
    public SessionRunner Self => self;

    /// <summary>The records that settle what was lost until now, of all sessions.</summary>
    /// <param name="state">The state.</param>
    /// <param name="now">The moment.</param>
    public IEnumerable<NewEvent> Settle(WorkspaceState state, DateTimeOffset now)
    {
        var gone = new Dictionary<SessionRunner, bool> { [self] = false };
        foreach (var call in state.ServedCalls.Values.OrderBy(call => call.Id, StringComparer.Ordinal))
        {
            if (!gone.TryGetValue(call.Server, out var isGone))
            {
                gone.Add(call.Server, isGone = call.Server.IsGone());
            }

            if ((isGone || call.Expires <= now) && state.Sessions.TryGetValue(call.Session, out var session))
            {
                yield return session.Record(EventTypes.ModelFailed, Outcome(call));
                if (state.Limits.Commit(call.Id) is { } committed)
                {
                    yield return session.Own(committed);
                }
            }
        }
    }

    private static JsonObject Outcome(ServedReservation call) => new JsonObject()
        .With("purpose", ServedAccount.Purpose)
        .With("reservation", call.Id)
        .With("route", call.Route)
        .With("provider", call.Provider)
        .With("model", call.Model)
        .With("outcome", ToolCallOutcome.Unknown)
        .With("estimated", true)
        .With("cost", (decimal?)call.Reserved)
        .With("released", (decimal?)call.Reserved)
        .With("reason", Reason);
}
