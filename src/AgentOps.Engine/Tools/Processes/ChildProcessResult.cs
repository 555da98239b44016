namespace AgentOps.Engine.Tools.Processes;

/// <summary>What became of a child process.</summary>
/// <param name="ExitCode">Its exit code; -1 when it was ended by the time-out.</param>
/// <param name="Output">What it wrote to standard output, decoded as UTF-8.</param>
/// <param name="Error">What it wrote to standard error, decoded as UTF-8.</param>
/// <param name="IsTruncated">Whether an output stream was cut.</param>
/// <param name="IsTimedOut">Whether the time-out ended it.</param>
public sealed record ChildProcessResult(int ExitCode, string Output, string Error, bool IsTruncated, bool IsTimedOut);
