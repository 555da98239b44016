using System.Globalization;
using AgentOps.Cli.Hosting;
using AgentOps.Protocol.Simulation;

namespace AgentOps.Cli.Simulation;

/// <summary>A plan for a person.</summary>
internal static class PlanTable
{
    public static void Write(TextWriter writer, PlanReport plan, bool separated)
    {
        var options = plan.Options.OrderBy(option => !option.Met).ThenBy(option => option.UsdPerHour ?? decimal.MaxValue).ToArray();
        if (separated)
        {
            writer.WriteLine("accelerator,devices,tensor_parallel,replicas,max_num_seqs,max_num_batched_tokens,met,share,pareto,ttft_p99_ms,tpot_mean_ms,e2e_p99_ms,usd_per_hour,usd_per_million_output,wh_per_million_tokens");
            foreach (var option in options)
            {
                writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{option.Accelerator},{option.Devices},{option.TensorParallel},{option.Replicas},{option.MaxNumSeqs},{option.MaxNumBatchedTokens},{(option.Met ? 1 : 0)},{option.Share},{(option.Pareto ? 1 : 0)},{option.Ttft.P99},{option.Tpot.Mean},{option.E2e.P99},{option.UsdPerHour},{option.UsdPerMillionOutput},{option.WattHoursPerMillionTokens}"));
            }

            return;
        }

        writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{plan.Model}: {plan.Tried} simulations"));
        writer.WriteLine();
        var table = new TextTable("deployment", "step", "kept, %", "TTFT p99, ms", "TPOT mean, ms", "E2E p99, ms", "busy, %", "$/hour", "$/1M out", "");
        foreach (var option in options.Where(option => option.Met).Take(8).Concat(options.Where(option => !option.Met).Take(plan.Met ? 4 : 12)))
        {
            table.Add(
                Name(option),
                string.Create(CultureInfo.InvariantCulture, $"{option.MaxNumSeqs}/{option.MaxNumBatchedTokens}"),
                Number(100 * option.Share, 2),
                Number(option.Ttft.P99, 0),
                Number(option.Tpot.Mean, 1),
                Number(option.E2e.P99, 0),
                Number(100 * option.Utilization, 0),
                option.UsdPerHour?.ToString("F2", CultureInfo.InvariantCulture) ?? "-",
                option.UsdPerMillionOutput?.ToString("F2", CultureInfo.InvariantCulture) ?? "-",
                (option.Met ? "" : "misses ") + (option.Pareto ? "pareto" : ""));
        }

        table.WriteTo(writer);
        writer.WriteLine();
        if (plan.Best is { } best)
        {
            writer.WriteLine($"Cheapest that keeps the promise: {Name(best)}.");
            writer.WriteLine(best.Binding is null ? "Every request keeps it." : $"What binds: {best.Binding}.");
            if (plan.OneMore is { } more)
            {
                writer.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"One more replica: TTFT p99 {best.Ttft.P99:0} -> {more.Ttft.P99:0} ms, E2E p99 {best.E2e.P99:0} -> {more.E2e.P99:0} ms, kept {100 * best.Share:0.00} -> {100 * more.Share:0.00} %, $/hour {best.UsdPerHour:0.00} -> {more.UsdPerHour:0.00}."));
            }
        }
        else
        {
            var nearest = plan.Options.MaxBy(option => option.Share)!;
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"None keeps the promise. Nearest: {Name(nearest)} with {100 * nearest.Share:0.00} %. What binds: {nearest.Binding ?? "nothing"}."));
        }
    }

    private static string Name(OptionReport option) =>
        string.Create(CultureInfo.InvariantCulture, $"{option.Replicas} x {option.TensorParallel} {option.Accelerator}");

    private static string Number(double value, int digits) => value.ToString("F" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
