using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Serialization;

namespace AgentOps.Engine.Sessions;

/// <summary>The process that works on a session.</summary>
/// <param name="Host">Name of the machine.</param>
/// <param name="ProcessId">The operating system's id of the process.</param>
/// <param name="ProcessStarted">When that process was started, UTC, so that a reused id is not taken for it.</param>
public sealed record SessionRunner(string Host, int ProcessId, DateTimeOffset ProcessStarted)
{
    // Start times come in the system's ticks; two reads of one process differ by less.
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(2);

    /// <summary>Whether this is certainly gone: a process of this machine that does not exist. Of another machine nothing is certain.</summary>
    internal bool IsGone()
    {
        if (!string.Equals(Host, Environment.MachineName, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        try
        {
            using var process = Process.GetProcessById(ProcessId);
            return (new DateTimeOffset(process.StartTime.ToUniversalTime()) - ProcessStarted).Duration() > Tolerance;
        }
        catch (ArgumentException)
        {
            return true;
        }
        catch (InvalidOperationException)
        {
            return true;
        }
        catch (Win32Exception)
        {
            // It exists, and this account may not ask when it began.
            return false;
        }
    }

    /// <summary>This very process, as a record tells it: to the millisecond.</summary>
    internal static SessionRunner OfThisProcess()
    {
        using var process = Process.GetCurrentProcess();
        var started = new DateTimeOffset(process.StartTime.ToUniversalTime()).ToUnixTimeMilliseconds();
        return new SessionRunner(Environment.MachineName, Environment.ProcessId, DateTimeOffset.FromUnixTimeMilliseconds(started));
    }

    /// <summary>This very process with its account (<c>os:NAME</c>, or <c>database:ROLE</c> on a server), as a record tells it.</summary>
    internal static JsonObject ThisProcess(string account) => OfThisProcess().ToJson().With("account", account);

    /// <summary>The <c>runner</c> of a record.</summary>
    internal JsonObject ToJson() => new JsonObject()
        .With("host", Host)
        .With("processId", ProcessId)
        .With("processStarted", ProcessStarted.ToUnixTimeMilliseconds());

    /// <summary>Reads the <c>runner</c> of a record.</summary>
    internal static SessionRunner FromJson(JsonElement data, string host)
    {
        var runner = data.Object("runner");
        return new SessionRunner(
            runner.Text("host") ?? host,
            (int)(runner.Integer("processId") ?? 0),
            DateTimeOffset.FromUnixTimeMilliseconds(runner.Integer("processStarted") ?? 0));
    }
}
