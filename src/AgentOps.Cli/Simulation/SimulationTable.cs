using System.Globalization;
using AgentOps.Cli.Hosting;
using AgentOps.Protocol.Simulation;

namespace AgentOps.Cli.Simulation;

/// <summary>Results for a person: a figure a row, a deployment a column.</summary>
internal static class SimulationTable
{
    public static void Write(TextWriter writer, IReadOnlyList<SimulationReport> reports)
    {
        var first = reports[0];
        writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{first.Model} ({first.Precision}), {first.Completed + first.Refused} requests, {first.PromptTokens} prompt and {first.OutputTokens} answer tokens"));
        writer.WriteLine();
        var table = new TextTable(["", .. reports.Select(report => string.Create(CultureInfo.InvariantCulture, $"{report.Devices} x {report.Accelerator}"))]);
        Row(table, reports, "answered in, s", report => Number(report.DurationSeconds, 1));
        Row(table, reports, "refused", report => Number(report.Refused, 0), report => report.Refused > 0);
        Row(table, reports, "TTFT mean / p50 / p99, ms", report => Times(report.Ttft));
        Row(table, reports, "TPOT mean / p50 / p99, ms", report => Times(report.Tpot));
        Row(table, reports, "E2E mean / p50 / p99, ms", report => Times(report.E2e));
        Row(table, reports, "queueing mean / p99, ms", report => $"{Number(report.Queueing.Mean, 1)} / {Number(report.Queueing.P99, 1)}");
        Row(table, reports, "requests/s", report => Number(report.RequestsPerSecond, 2));
        Row(table, reports, "goodput/s", report => Number(report.GoodputPerSecond ?? 0, 2), report => report.GoodputPerSecond is not null);
        Row(table, reports, "keep the promise, %", report => Number(100 * (report.ObjectiveShare ?? 0), 2), report => report.ObjectiveShare is not null);
        Row(table, reports, "answer tokens/s", report => Number(report.OutputTokensPerSecond, 1));
        Row(table, reports, "batch mean / peak", report => $"{Number(report.MeanBatch, 1)} / {Number(report.PeakBatch, 0)}");
        Row(table, reports, "KV cache mean / peak, %", report => $"{Number(100 * report.KvUse, 1)} / {Number(100 * report.PeakKvUse, 1)}");
        Row(table, reports, "prefix hits, %", report => Number(100 * report.PrefixHitRate, 1), report => report.PrefixHitRate > 0);
        Row(table, reports, "loaded from the host, %", report => Number(100 * report.HostHitRate, 1), report => report.HostHitRate > 0);
        Row(table, reports, "preemptions", report => Number(report.Preemptions, 0), report => report.Preemptions > 0);
        Row(table, reports, "busy, %", report => Number(100 * report.Utilization, 1));
        Row(table, reports, "saturated", report => report.Saturated ? "yes" : "no");
        Row(table, reports, "$/hour", report => Money(report.Cost?.PerHour, 2));
        Row(table, reports, "$/1M in / out", report => report.Cost is null ? "-" : $"{Money(report.Cost.PerMillionInput, 2)} / {Money(report.Cost.PerMillionOutput, 2)}");
        Row(table, reports, "$/request", report => Money(report.Cost?.PerRequest, 5));
        Row(table, reports, "$/task", report => Money(report.Cost?.PerTask, 5), report => report.Cost?.PerTask is not null);
        Row(table, reports, "credit lasts, h", report => Number(report.Cost?.CreditHours ?? 0, 1), report => report.Cost?.CreditHours is not null);
        Row(table, reports, "replicas peak / paid hours", report => $"{Number(report.PeakReplicas, 0)} / {Number(report.ReplicaHours, 2)}", report => report.Replicas > 1);
        Row(table, reports, "Wh/1M tokens", report => Number(report.WattHoursPerMillionTokens, 1));
        table.WriteTo(writer);
    }

    private static void Row(TextTable table, IReadOnlyList<SimulationReport> reports, string name, Func<SimulationReport, string> cell, Func<SimulationReport, bool>? when = null)
    {
        if (when is null || reports.Any(when))
        {
            table.Add([name, .. reports.Select(cell)]);
        }
    }

    private static string Times(DistributionReport times) => $"{Number(times.Mean, 1)} / {Number(times.P50, 1)} / {Number(times.P99, 1)}";

    private static string Number(double value, int digits) => value.ToString("F" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static string Money(decimal? value, int digits) => value?.ToString("F" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) ?? "-";
}
