namespace AgentOps.Engine.Benchmarks.Regression;

/// <summary>Verdicts as lines that a CI system shows beside the change.</summary>
public static class CiAnnotations
{
    /// <summary>Workflow commands of GitHub Actions: <c>::error title=…::message</c>.</summary>
    public static IEnumerable<string> GitHub(IEnumerable<TargetVerdict> verdicts) =>
        Lines(verdicts).Select(line => $"::{line.Level} title={Escape($"{line.Target} {line.Metric}", true)}::{Escape(line.Reason, false)}");

    /// <summary>Logging commands of Azure Pipelines: <c>##vso[task.logissue type=error]message</c>.</summary>
    public static IEnumerable<string> AzurePipelines(IEnumerable<TargetVerdict> verdicts) =>
        Lines(verdicts).Select(line => $"##vso[task.logissue type={line.Level}]{EscapeAzure($"{line.Target} {line.Metric}: {line.Reason}")}");

    private static IEnumerable<(string Level, string Target, string Metric, string Reason)> Lines(IEnumerable<TargetVerdict> verdicts) =>
        from verdict in verdicts
        from metric in verdict.Metrics
        where metric.Outcome != GateOutcome.Pass
        select (metric.Outcome == GateOutcome.Fail ? "error" : "warning", verdict.Target, metric.Metric, metric.Reason);

    // actions/toolkit, packages/core/src/command.ts: data and properties are escaped differently.
    private static string Escape(string text, bool isProperty)
    {
        text = text.Replace("%", "%25", StringComparison.Ordinal).Replace("\r", "%0D", StringComparison.Ordinal).Replace("\n", "%0A", StringComparison.Ordinal);
        return isProperty ? text.Replace(":", "%3A", StringComparison.Ordinal).Replace(",", "%2C", StringComparison.Ordinal) : text;
    }

    // azure-pipelines-task-lib, taskcommand.ts: data escape only %, CR and LF.
    private static string EscapeAzure(string text) => text.Replace("%", "%AZP25", StringComparison.Ordinal)
        .Replace("\r", "%0D", StringComparison.Ordinal).Replace("\n", "%0A", StringComparison.Ordinal);
}
