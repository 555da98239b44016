namespace AgentOps.Engine.Sessions;

/// <summary>The process that works on a session.</summary>
/// <param name="Host">Name of the machine.</param>
/// <param name="ProcessId">The operating system's id of the process.</param>
/// <param name="ProcessStarted">When that process was started, UTC, so that a reused id is not taken for it.</param>
public sealed record SessionRunner(string Host, int ProcessId, DateTimeOffset ProcessStarted);
