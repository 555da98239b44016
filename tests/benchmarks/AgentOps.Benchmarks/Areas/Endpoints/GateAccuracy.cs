using System.Globalization;
using System.Text.Json;
using AgentOps.Engine.Benchmarks;
using AgentOps.Engine.Benchmarks.Regression;

namespace AgentOps.Benchmarks.Areas.Endpoints;

/// <summary>
/// The gate on real slots of one model on several clouds. A/A: baseline, run and confirming run are drawn from the same cloud's
/// slots, so that every failure is a false alarm; then the run's times to the first token are made 30 % longer.
/// </summary>
internal static class GateAccuracy
{
    private const int Trials = 2000;
    private const double Slower = 1.3;

    private static readonly GateOptions Options = new();

    public static IEnumerable<Figure> Run(BenchmarkContext context)
    {
        var path = context.DataPath is null ? null : Path.Combine(context.DataPath, "endpoints", "azure-bench-runs.json");
        if (!File.Exists(path))
        {
            BenchmarkContext.Say("benchmarks.gate.* are left out: AGENTOPS_DATA names no folder with endpoints/azure-bench-runs.json.");
            yield break;
        }

        var needed = Options.BaselineSlots + (2 * Options.CurrentSlots);
        var clouds = Read(path).Where(cloud => cloud.Slots.Count >= needed).OrderBy(cloud => Spread(cloud.Slots)).ToArray();
        if (clouds.Length == 0)
        {
            BenchmarkContext.Say($"benchmarks.gate.* are left out: no cloud has {needed} slots.");
            yield break;
        }

        var worst = 0.0;
        foreach (var (name, slots) in clouds)
        {
            var random = new Random(1);
            var same = Try(slots, 1, _ => Shuffled(random, slots.Count), Trials);
            Tell(name, "A/A, slots at random", same);
            worst = Math.Max(worst, same.Failed.Values.Max());
            if (slots.Count - needed > 0)
            {
                Tell(name, "A/A, slots in order of time (a real drift is an alarm here too)",
                    Try(slots, 1, trial => [.. Enumerable.Range(trial, needed)], slots.Count - needed));
            }
        }

        yield return new Figure("benchmarks.gate.false", worst, "% of A/A");
        foreach (var (name, slots) in clouds)
        {
            var random = new Random(2);
            var slower = Try(slots, Slower, _ => Shuffled(random, slots.Count), Trials);
            Tell(name, "+30 % TTFT", slower);
            if (name == clouds[0].Name)
            {
                yield return new Figure("benchmarks.gate.found30", slower.Failed["ttft"], "% of +30 %");
            }
        }
    }

    private static void Tell(string cloud, string what, Outcome outcome) => BenchmarkContext.Say(string.Create(CultureInfo.InvariantCulture,
        $"  {cloud}, {what}: {string.Join(", ", outcome.Failed.Select(metric => $"{metric.Key} {metric.Value:0.00} % fail ({outcome.Suspected[metric.Key]:0.00} % before the second run)"))}; ttft passes {outcome.Passed:0.0} %, inconclusive {100 - outcome.Passed - outcome.Failed["ttft"]:0.0} %"));

    private static Outcome Try(IReadOnlyList<Slot> slots, double factor, Func<int, int[]> draw, int trials)
    {
        var gate = new RegressionGate(Options);
        var (suspected, failed, passed) = (new Dictionary<string, double>(), new Dictionary<string, double>(), 0);
        for (var trial = 0; trial < trials; trial++)
        {
            var order = draw(trial);
            var baseline = Take(0, Options.BaselineSlots, 1);
            var verdict = gate.Judge(baseline, Take(Options.BaselineSlots, Options.CurrentSlots, factor));
            Count(suspected, verdict);
            if (verdict.Outcome == GateOutcome.Fail)
            {
                verdict = gate.Confirm(verdict, baseline, Take(Options.BaselineSlots + Options.CurrentSlots, Options.CurrentSlots, factor));
            }

            Count(failed, verdict);
            passed += verdict.Metrics.Single(metric => metric.Metric == "ttft").Outcome == GateOutcome.Pass ? 1 : 0;

            TargetSlots Take(int from, int count, double slower)
            {
                var taken = order.Skip(from).Take(count).Select(index => slots[index].Slowed(slower)).ToArray();
                return new TargetSlots("cloud",
                [
                    new MetricSlots("ttft", [.. taken.Select(slot => Quantile.Median(slot.Calls.Select(call => call.First)))]),
                    new MetricSlots("tpot", [.. taken.Select(slot => Quantile.Median(slot.Calls.Select(call => call.PerToken)))]),
                    new MetricSlots("e2e", [.. taken.Select(slot => Quantile.Median(slot.Calls.Select(call => call.EndToEnd)))]),
                ],
                taken.Sum(slot => slot.Calls.Count + slot.Failures),
                taken.Sum(slot => slot.Failures));
            }
        }

        return new Outcome(Share(suspected), Share(failed), 100.0 * passed / trials);

        Dictionary<string, double> Share(Dictionary<string, double> counts) => counts.ToDictionary(count => count.Key, count => 100 * count.Value / trials);
    }

    private static void Count(Dictionary<string, double> failures, TargetVerdict verdict)
    {
        foreach (var metric in verdict.Metrics)
        {
            failures[metric.Metric] = failures.GetValueOrDefault(metric.Metric) + (metric.Outcome == GateOutcome.Fail ? 1 : 0);
        }
    }

    private static int[] Shuffled(Random random, int count)
    {
        var order = Enumerable.Range(0, count).ToArray();
        random.Shuffle(order);
        return order;
    }

    /// <summary>The spread of slot medians of TTFT: the median distance from their median, relative to it.</summary>
    private static double Spread(IReadOnlyList<Slot> slots)
    {
        var medians = slots.Select(slot => Quantile.Median(slot.Calls.Select(call => call.First))).ToArray();
        var middle = Quantile.Median(medians);
        return Quantile.Median(medians.Select(median => Math.Abs(median - middle))) / middle;
    }

    private static IEnumerable<(string Name, IReadOnlyList<Slot> Slots)> Read(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        var runs = document.RootElement.EnumerateArray()
            .Select(run => (
                Cloud: run.GetProperty("provider").GetString()!,
                Time: run.GetProperty("createdAt").GetString()!,
                Slot: ReadSlot(run)))
            .Where(run => run.Slot.Calls.Count > 0)
            .OrderBy(run => run.Time, StringComparer.Ordinal)
            .ToArray();
        foreach (var cloud in runs.GroupBy(run => run.Cloud))
        {
            // Early runs with half the calls would be noisier slots than the rest.
            var usual = cloud.GroupBy(run => run.Slot.Calls.Count + run.Slot.Failures).MaxBy(group => group.Count())!.Key;
            yield return (cloud.Key, [.. cloud.Where(run => run.Slot.Calls.Count + run.Slot.Failures == usual).Select(run => run.Slot)]);
        }
    }

    private static Slot ReadSlot(JsonElement run) => new(
        [
            .. run.GetProperty("runs").EnumerateArray().Select(call => new Call(
                call.GetProperty("timeToFirstTokenSeconds").GetDouble(),
                call.GetProperty("streamTps").GetDouble() is > 0 and var rate ? 1 / rate : 0,
                call.GetProperty("totalSeconds").GetDouble())),
        ],
        run.TryGetProperty("failures", out var failures)
            ? failures.ValueKind switch { JsonValueKind.Array => failures.GetArrayLength(), JsonValueKind.Number => failures.GetInt32(), _ => 0 }
            : 0);

    private sealed record Call(double First, double PerToken, double EndToEnd);

    private sealed record Slot(IReadOnlyList<Call> Calls, int Failures)
    {
        public Slot Slowed(double factor) => factor == 1 ? this : this with
        {
            Calls = [.. Calls.Select(call => call with { First = call.First * factor, EndToEnd = call.EndToEnd + (call.First * (factor - 1)) })],
        };
    }

    private sealed record Outcome(IReadOnlyDictionary<string, double> Suspected, IReadOnlyDictionary<string, double> Failed, double Passed);
}
