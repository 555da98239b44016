namespace AgentOps.Engine.Tests.Ledger;

/// <summary>Stands for the end of the process.</summary>
internal sealed class CrashException() : IOException("The process ended here.");
