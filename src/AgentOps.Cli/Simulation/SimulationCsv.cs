using System.Globalization;
using AgentOps.Protocol.Simulation;

namespace AgentOps.Cli.Simulation;

/// <summary>Results as comma-separated values, a deployment a line.</summary>
internal static class SimulationCsv
{
    public static void Write(TextWriter writer, IReadOnlyList<SimulationReport> reports)
    {
        writer.WriteLine("model,accelerator,devices,completed,refused,duration_s,ttft_mean_ms,ttft_p50_ms,ttft_p99_ms,tpot_mean_ms,tpot_p50_ms,tpot_p99_ms,e2e_mean_ms,e2e_p50_ms,e2e_p99_ms,requests_per_s,output_tokens_per_s,mean_batch,prefix_hit_rate,preemptions,utilization,saturated,usd_per_hour,usd_per_million_input,usd_per_million_output,usd_per_request,wh_per_million_tokens");
        foreach (var report in reports)
        {
            object?[] cells =
            [
                report.Model, report.Accelerator, report.Devices, report.Completed, report.Refused, report.DurationSeconds,
                report.Ttft.Mean, report.Ttft.P50, report.Ttft.P99, report.Tpot.Mean, report.Tpot.P50, report.Tpot.P99,
                report.E2e.Mean, report.E2e.P50, report.E2e.P99, report.RequestsPerSecond, report.OutputTokensPerSecond, report.MeanBatch,
                report.PrefixHitRate, report.Preemptions, report.Utilization, report.Saturated ? 1 : 0, report.Cost?.PerHour,
                report.Cost?.PerMillionInput, report.Cost?.PerMillionOutput, report.Cost?.PerRequest, report.WattHoursPerMillionTokens,
            ];
            writer.WriteLine(string.Join(',', cells.Select(cell => Convert.ToString(cell, CultureInfo.InvariantCulture))));
        }
    }
}
