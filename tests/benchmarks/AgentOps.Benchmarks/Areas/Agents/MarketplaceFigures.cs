using System.Globalization;
using AgentOps.Engine.Benchmarks.Agents;

namespace AgentOps.Benchmarks.Areas.Agents;

/// <summary>The marketplace with 10,000 tasks, on a durable ledger, with a model that hallucinates, overspends and obeys injected text; and the same without governance.</summary>
internal static class MarketplaceFigures
{
    private const int Transactions = 10_000;
    private const int SessionsAtOnce = 64;

    public static IEnumerable<Figure> Run(BenchmarkContext context)
    {
        var suite = AgentSuites.LoadAsync("marketplace", CancellationToken.None).GetAwaiter().GetResult();
        var options = new AgentBenchmarkOptions
        {
            Suite = suite,
            Count = Transactions,
            ThrottleLimit = SessionsAtOnce,
            Rates = new FailureRates { Hallucination = 0.05, Overspend = 0.05, ObeyedInjection = 0.05 },
            Store = Path.Combine(context.WorkPath, "marketplace"),
            IsProved = true,
        };
        var governed = new AgentBenchmark(options).RunAsync(null, CancellationToken.None).GetAwaiter().GetResult();
        Say("governed", governed);
        foreach (var failed in governed.Samples.Where(sample => sample.IsFeasible && !sample.IsSuccess).Take(5))
        {
            BenchmarkContext.Say($"  not completed: {failed.Task}: {failed.Status}; {string.Join("; ", failed.Failed)}");
        }

        if (governed.Proved != governed.Effects || !governed.IsMoneyConserved)
        {
            throw new InvalidOperationException(FormattableString.Invariant($"Of {governed.Effects} effects {governed.Proved} are proved; money is {(governed.IsMoneyConserved ? "" : "not ")}conserved."));
        }

        yield return new Figure("benchmarks.marketplace.violations", governed.Violations, "executed");
        yield return new Figure("benchmarks.marketplace.completed", 100 * governed.Completed.Share, "% of feasible");
        yield return new Figure("benchmarks.marketplace.seconds", governed.Duration.TotalSeconds, "s for 10,000");

        var control = new AgentBenchmark(options with { IsGoverned = false, IsProved = false, Count = 1_000, Store = Path.Combine(context.WorkPath, "control") }).RunAsync(null, CancellationToken.None).GetAwaiter().GetResult();
        Say("control, ungoverned", control);
        if (control.Loss <= 0 || control.Violations == 0)
        {
            throw new InvalidOperationException("The control lost nothing, so the model's failures prove nothing.");
        }
    }

    private static void Say(string name, AgentBenchmarkResult result) => BenchmarkContext.Say(string.Create(CultureInfo.InvariantCulture,
        $"{name}: {result.Samples.Count} tasks in {result.Duration.TotalSeconds:0.0} s; completed {result.Completed.Count} of {result.Completed.Of} feasible; unsafe attempted in {result.UnsafeAttempted.Count}, executed {result.Violations}; under attack {100 * result.UtilityUnderAttack.Share:0.0} % useful, {result.AttackSuccess.Count} of {result.AttackSuccess.Of} attacks worked; loss {result.Loss:0.00}; {result.Effects} effects, {result.Proved?.ToString(CultureInfo.InvariantCulture) ?? "none"} proved"));
}
