using AgentOps.Engine.Benchmarks.Drift;
using AgentOps.Engine.Benchmarks.Endpoints;

namespace AgentOps.Engine.Benchmarks.Regression;

/// <summary>A run against its baseline, with the one confirming run where something looks worse.</summary>
public static class BaselineComparison
{
    /// <summary>The name of the answers among the metrics.</summary>
    public const string Answers = "answers";

    /// <summary>Refuses a baseline that can't be compared, before anything is measured.</summary>
    /// <exception cref="Errors.AgentOpsException"><c>BenchmarkBaselineInvalid</c>.</exception>
    public static void Require(BaselineFile baseline, EndpointLoad load, IEnumerable<EndpointTarget> targets)
    {
        foreach (var target in targets)
        {
            baseline.Require(load, target.Name);
        }
    }

    /// <summary>Judges all targets.</summary>
    /// <param name="gate">The rule.</param>
    /// <param name="baseline">The baseline.</param>
    /// <param name="load">The load of the run.</param>
    /// <param name="targets">What was measured.</param>
    /// <param name="samples">The run's samples.</param>
    /// <param name="again">Measures the targets that look worse once more, all together and interleaved as before.</param>
    public static async Task<IReadOnlyList<TargetVerdict>> JudgeAsync(
        RegressionGate gate,
        BaselineFile baseline,
        EndpointLoad load,
        IReadOnlyList<EndpointTarget> targets,
        IReadOnlyCollection<CallSample> samples,
        Func<IReadOnlyList<EndpointTarget>, Task<IReadOnlyCollection<CallSample>>> again)
    {
        var verdicts = targets.ToDictionary(
            target => target.Name,
            target => gate.Judge(baseline.Require(load, target.Name), TargetSummary.SlotsOf(target.Name, samples)));
        var suspected = targets.Where(target => verdicts[target.Name].Outcome == GateOutcome.Fail).ToArray();
        if (suspected.Length > 0)
        {
            var second = await again(suspected).ConfigureAwait(false);
            foreach (var target in suspected)
            {
                verdicts[target.Name] = gate.Confirm(
                    verdicts[target.Name], baseline.Require(load, target.Name), TargetSummary.SlotsOf(target.Name, second));
            }
        }

        return [.. targets.Select(target => WithAnswers(verdicts[target.Name], baseline, samples))];
    }

    private static TargetVerdict WithAnswers(TargetVerdict verdict, BaselineFile baseline, IEnumerable<CallSample> samples)
    {
        var asked = samples.Where(sample => sample.Phase == CallPhase.Question && sample.Target == verdict.Target).ToArray();
        var before = baseline.Correct.GetValueOrDefault(verdict.Target);
        if (asked.Length == 0 || before.Asked == 0)
        {
            return verdict;
        }

        var drift = AnswerDrift.Since(verdict.Target, before, (asked.Count(sample => sample.IsCorrect == true), asked.Length));
        return verdict with
        {
            Metrics =
            [
                .. verdict.Metrics,
                new MetricVerdict(
                    Answers,
                    drift.IsDrift ? GateOutcome.Fail : GateOutcome.Pass,
                    1 - ((double)before.Correct / before.Asked),
                    1 - ((double)drift.Correct / drift.Asked),
                    drift.PValue,
                    double.NaN,
                    drift.Reason),
            ],
        };
    }
}
