using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Serialization;
using AgentOps.Engine.Sessions;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Invocation;

/// <summary>The record of a bound that struck.</summary>
internal static class LimitRecord
{
    /// <summary>Adds it to what is appended, where a bound is why the session goes no further.</summary>
    public static void Add(SessionJournal journal, SessionJournal.Draft draft, TurnEnd end, DateTimeOffset now)
    {
        if (end.Status == SessionStatus.LimitReached)
        {
            draft.Add(
                journal.Record(EventTypes.SessionLimitReached, new JsonObject().With("limit", JsonNamingPolicy.CamelCase.ConvertName(end.Limit.ToString())).With("reason", end.Reason)),
                journal.Event(SessionEventKind.LimitReached, now) with { Reason = end.Reason });
        }
    }
}
