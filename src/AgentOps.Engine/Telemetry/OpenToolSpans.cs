using System.Collections.Concurrent;
using System.Diagnostics;

namespace AgentOps.Engine.Telemetry;

/// <summary>The spans of tool calls that run now, by session and call: the session of an agent that is called as a tool hangs below its call.</summary>
internal sealed class OpenToolSpans
{
    private readonly ConcurrentDictionary<(string Session, string Call), ActivityContext> _open = new();

    public void Add(string session, string call, ActivityContext context) => _open[(session, call)] = context;

    public void Remove(string session, string call) => _open.TryRemove((session, call), out _);

    public ActivityContext Find(string session, string call) => _open.GetValueOrDefault((session, call));
}
