namespace AgentOps.Engine.Errors;

// Benchmarks and reports.
public static partial class ErrorCodes
{
    /// <summary>A benchmark's settings are wrong.</summary>
    public static readonly ErrorCode BenchmarkInvalid = new("BenchmarkInvalid", ErrorKind.InvalidArgument,
        "Correct the setting that the message names; nothing was called.");

    /// <summary>A target refuses to be measured.</summary>
    public static readonly ErrorCode BenchmarkTargetRefused = new("BenchmarkTargetRefused", ErrorKind.InvalidOperation,
        "Check the address, the model's name and the credential; Test-AgentOpsProvider makes a small call.");

    /// <summary>There is no suite of that name, and no file.</summary>
    public static readonly ErrorCode SuiteNotFound = new("SuiteNotFound", ErrorKind.NotFound,
        "Name a shipped suite, or the file of one of your own.");

    /// <summary>A file of samples can't be read or continued.</summary>
    public static readonly ErrorCode BenchmarkSamplesInvalid = new("BenchmarkSamplesInvalid", ErrorKind.InvalidData,
        "Give another file, or continue with exactly the settings that the file was begun with.");

    /// <summary>A baseline can't be read, or is of another load.</summary>
    public static readonly ErrorCode BenchmarkBaselineInvalid = new("BenchmarkBaselineInvalid", ErrorKind.InvalidData,
        "Give another file, or make a baseline with the same load with -BaselineOutFile.");

    /// <summary>A regression is shown against the baseline.</summary>
    public static readonly ErrorCode BenchmarkRegressed = new("BenchmarkRegressed", ErrorKind.LimitReached,
        "See the verdicts for what became worse. If the change is wanted, make a new baseline with -BaselineOutFile and commit it.");

    /// <summary>A comparison with the baseline shows nothing, and a conclusive one was asked for.</summary>
    public static readonly ErrorCode BenchmarkInconclusive = new("BenchmarkInconclusive", ErrorKind.LimitReached,
        "Measure more calls a slot, at a steadier time.");

    /// <summary>A report was given nothing to show.</summary>
    public static readonly ErrorCode ReportEmpty = new("ReportEmpty", ErrorKind.InvalidArgument,
        "Pipe results into Export-AgentOpsReport, for example of Measure-AgentOpsRoute or Measure-AgentOpsUsage, or name a -SampleFile.");
}
