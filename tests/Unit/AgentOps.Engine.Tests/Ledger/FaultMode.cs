namespace AgentOps.Engine.Tests.Ledger;

internal enum FaultMode
{
    /// <summary>The process ends before the operation.</summary>
    CrashBefore,

    /// <summary>The process ends in the middle of the operation: half of what was to be written is there.</summary>
    CrashWithin,

    /// <summary>The power fails: the length is there, and zeros in place of the last half.</summary>
    CrashWithZeros,

    /// <summary>The process ends after the operation.</summary>
    CrashAfter,

    /// <summary>The disk is full for this operation and the next two; the process lives on.</summary>
    DiskFull,

    /// <summary>This operation fails with an input/output error; the process lives on.</summary>
    Fails,
}
