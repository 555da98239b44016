using AgentOps.Engine.Permissions;
using AgentOps.Engine.Sessions;
using AgentOps.Engine.Tools;
using AgentOps.Engine.Tools.Isolation;

namespace AgentOps.Engine.Invocation;

/// <summary>What the host states about a session when a call of it is decided.</summary>
internal sealed class SessionFacts(SessionState session, ToolDefinition? tool, HostIsolation isolation, DateTimeOffset now) : IFactSource
{
    private static readonly string[] Levels = ["none", "reversible", "irreversible"];

    // What no call of the session changes; anything else may move.
    private static readonly string[] Fixed = ["agent.", "tool.", "host.", "time.", "session.delegationDepth"];

    /// <summary>Whether a fact was asked for that the session's own calls may change.</summary>
    public bool AskedWhatMoves { get; private set; }

    public bool TryGet(string name, out ArgumentValue value)
    {
        AskedWhatMoves |= !Fixed.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal));
        ArgumentValue? found = name switch
        {
            "session.taint" => ArgumentValue.FromArray(session.IsTainted ? [ArgumentValue.From("untrusted")] : []),
            "session.maxDataClass" => ArgumentValue.From(session.DataClass),
            "session.cost" => ArgumentValue.From(session.Cost + session.Delegated),
            "session.steps" => ArgumentValue.From((long)session.Steps),
            "session.toolCalls" => ArgumentValue.From((long)session.ToolCalls),
            "session.delegationDepth" => ArgumentValue.From((long)session.Delegators.Count),
            "agent.name" => ArgumentValue.From(session.Agent),
            "tool.sideEffect" when tool is not null => ArgumentValue.From(Levels[(int)tool.SideEffect]),
            "tool.isolation" when tool is not null => ArgumentValue.From(HostIsolation.Word(isolation.LevelOf(tool))),
            "host.name" => ArgumentValue.From(Environment.MachineName),
            "host.os" => ArgumentValue.From(OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "macos" : "linux"),
            "time.now" => ArgumentValue.From(now),
            "time.hour" => ArgumentValue.From((long)now.UtcDateTime.Hour),
            "time.weekday" => ArgumentValue.From(now.UtcDateTime.DayOfWeek.ToString().ToLowerInvariant()),
            _ => null,
        };
        value = found ?? default;
        return found is not null;
    }
}
