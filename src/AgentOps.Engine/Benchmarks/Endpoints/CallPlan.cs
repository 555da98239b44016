using AgentOps.Engine.Benchmarks.Drift;

namespace AgentOps.Engine.Benchmarks.Endpoints;

/// <summary>When each call is due. The same load gives the same plan, so that a run that was broken off can go on.</summary>
internal static class CallPlan
{
    /// <summary>
    /// All calls by due time. Within a slot the gaps of each target are drawn from a gamma distribution (Burstiness 1: exponential)
    /// and scaled to the slot, which for exponential gaps is exactly a Poisson process given its count. So every target has the
    /// same number of calls in the same slot of time: targets are interleaved, and slots can be compared.
    /// </summary>
    public static IReadOnlyList<PlannedCall> Make(int targets, EndpointLoad load)
    {
        var plan = new List<PlannedCall>(targets * (load.Calls + load.Questions));
        var slotLength = (load.Kind == LoadKind.Open ? load.Calls / load.RequestRate : load.Calls) / load.Slots;
        var questions = DriftQuestions.Make(load.Questions, load.Seed);
        for (var target = 0; target < targets; target++)
        {
            // Targets differ in their arrivals, not in their prompts.
            var random = new Random(HashCodeOf(load.Seed, target));
            for (int slot = 0, index = 0; slot < load.Slots; slot++)
            {
                var count = Share(load.Calls, load.Slots, slot);
                foreach (var at in Arrivals(random, count, load.Burstiness))
                {
                    plan.Add(new PlannedCall(target, CallPhase.Measured, index, slot, (slot + at) * slotLength, load.Prompts[index % load.Prompts.Count], null));
                    index++;
                }
            }

            for (var index = 0; index < questions.Count; index++)
            {
                var due = (index + 0.5) / questions.Count * load.Slots;
                plan.Add(new PlannedCall(target, CallPhase.Question, index, (int)due, due * slotLength, questions[index].Prompt, questions[index].Answer));
            }
        }

        plan.Sort(static (left, right) => (left.Due, left.Target, left.Index).CompareTo((right.Due, right.Target, right.Index)));
        return plan;
    }

    private static int Share(int calls, int slots, int slot) => (int)(((long)calls * (slot + 1) / slots) - ((long)calls * slot / slots));

    /// <summary>Times from 0 to 1, ascending.</summary>
    private static IEnumerable<double> Arrivals(Random random, int count, double variation)
    {
        var gaps = new double[count + 1];
        for (var index = 0; index < gaps.Length; index++)
        {
            gaps[index] = Gamma(random, 1 / (variation * variation));
        }

        var sum = gaps.Sum();
        var at = 0.0;
        for (var index = 0; index < count; index++)
        {
            at += gaps[index];
            yield return sum > 0 ? at / sum : (index + 1.0) / (count + 1);
        }
    }

    /// <summary>A gamma-distributed number of scale 1: Marsaglia and Tsang (2000); below shape 1 with their boost.</summary>
    private static double Gamma(Random random, double shape)
    {
        if (shape < 1)
        {
            return Gamma(random, shape + 1) * Math.Pow(1 - random.NextDouble(), 1 / shape);
        }

        var d = shape - (1.0 / 3);
        var c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            var x = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            var v = Math.Pow(1 + (c * x), 3);
            if (v > 0 && Math.Log(1 - random.NextDouble()) < (0.5 * x * x) + d - (d * v) + (d * Math.Log(v)))
            {
                return d * v;
            }
        }
    }

    // The framework's own hash differs from process to process.
    private static int HashCodeOf(int seed, int target) => unchecked((seed * 486187739) + (target * 16777619) + 374761393);
}
