using System.Globalization;
using AgentOps.Engine.Benchmarks.Endpoints;
using AgentOps.Engine.Benchmarks.Regression;

namespace AgentOps.Engine.Benchmarks.Drift;

/// <summary>Whether a target answers worse than another one, on the same questions.</summary>
/// <param name="Target">The target.</param>
/// <param name="Correct">Questions answered right.</param>
/// <param name="Asked">Questions asked.</param>
/// <param name="Reference">What it is compared with: the first target, or the target's baseline.</param>
/// <param name="PValue">That the two answer alike.</param>
/// <param name="Reason">In words.</param>
public sealed record AnswerDrift(string Target, int Correct, int Asked, string Reference, double PValue, string Reason)
{
    private const double Alpha = 0.01;

    /// <summary>The difference is significant (p &lt; 0.01).</summary>
    public bool IsDrift => PValue < Alpha;

    /// <summary>Compares each further target with the first: the exact two-sided McNemar test on questions that only one answered right.</summary>
    public static IReadOnlyList<AnswerDrift> Between(IReadOnlyList<string> targets, IReadOnlyCollection<CallSample> samples)
    {
        var answers = samples.Where(sample => sample.Phase == CallPhase.Question).ToLookup(sample => sample.Target, StringComparer.OrdinalIgnoreCase);
        if (targets.Count < 2 || !answers[targets[0]].Any())
        {
            return [];
        }

        var reference = answers[targets[0]].ToDictionary(sample => sample.Index, sample => sample.IsCorrect == true);
        return [.. targets.Skip(1).Select(target =>
        {
            var pairs = answers[target].Where(sample => reference.ContainsKey(sample.Index))
                .Select(sample => (Here: sample.IsCorrect == true, There: reference[sample.Index])).ToArray();
            var (better, worse) = (pairs.Count(pair => pair.Here && !pair.There), pairs.Count(pair => !pair.Here && pair.There));
            return Judge(target, pairs.Count(pair => pair.Here), pairs.Length, targets[0], pairs.Count(pair => pair.There), pairs.Length,
                Math.Min(1, 2 * FisherExact.BinomialTail(Math.Max(better, worse), better + worse, 0.5)));
        })];
    }

    /// <summary>Compares a target with its baseline by Fisher's exact test: has it become worse?</summary>
    public static AnswerDrift Since(string target, (int Correct, int Asked) baseline, (int Correct, int Asked) now) => Judge(
        target, now.Correct, now.Asked, "baseline", baseline.Correct, baseline.Asked,
        FisherExact.PValueGreater(now.Asked - now.Correct, now.Asked, baseline.Asked - baseline.Correct, baseline.Asked));

    private static AnswerDrift Judge(string target, int correct, int asked, string reference, int referenceCorrect, int referenceAsked, double p) =>
        new(target, correct, asked, reference, p, string.Create(CultureInfo.InvariantCulture,
            $"{correct} of {asked} questions right, {reference} {referenceCorrect} of {referenceAsked} (p = {p:0.0000}): {(p < Alpha ? "the answers differ" : "no difference shown")}."));
}
