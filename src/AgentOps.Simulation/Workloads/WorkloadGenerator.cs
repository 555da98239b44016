using System.Globalization;
using AgentOps.Simulation.Numerics;

namespace AgentOps.Simulation.Workloads;

/// <summary>Draws the requests of a synthetic load.</summary>
public static class WorkloadGenerator
{
    private const int MostRequests = 50_000_000;

    /// <summary>Draws a load.</summary>
    /// <param name="options">What it is like.</param>
    /// <exception cref="SimulationInputException">A rate, count or length makes no sense.</exception>
    /// <param name="cancellationToken">Stops it.</param>
    public static RequestSet Generate(WorkloadOptions options, CancellationToken cancellationToken = default)
    {
        Check(options);
        var arrivals = Arrivals(options, out var stages, cancellationToken);
        if (options.Prefixes is { } prefixes)
        {
            return PrefixedLoad.Build(options, prefixes, arrivals, stages);
        }

        var lengths = new RandomStream(options.Seed, 2);
        var prompts = new int[arrivals.Length];
        var outputs = new int[arrivals.Length];
        for (var i = 0; i < arrivals.Length; i++)
        {
            Poll(i, cancellationToken);
            prompts[i] = options.Prompt.Draw(lengths);
            outputs[i] = options.Output.Draw(lengths);
        }

        return new RequestSet(arrivals, prompts, outputs) { Stages = stages };
    }

    private static long[] Arrivals(WorkloadOptions options, out byte[]? stages, CancellationToken cancellationToken)
    {
        var counts = new int[options.Stages.Count];
        double expected = options.Requests ?? options.Stages.Sum(stage => stage.Rate * stage.Duration.TotalSeconds);
        if (expected > MostRequests)
        {
            throw new SimulationInputException("workload.requests", Text($"The load has about {expected:0} requests; the most is {MostRequests}."), "Shorten the duration or give fewer requests.");
        }

        var random = new RandomStream(options.Seed, 1);
        var arrivals = new long[options.Requests ?? (int)(expected + (10 * Math.Sqrt(expected)) + 16)];
        stages = options.Stages.Count > 1 ? new byte[arrivals.Length] : null;
        var count = 0;
        double begin = 0;
        for (var index = 0; index < options.Stages.Count && count < arrivals.Length; index++)
        {
            var stage = options.Stages[index];
            var length = stage.Duration.TotalSeconds;
            var openEnded = options.Requests is not null && index == options.Stages.Count - 1;
            var scale = 1 / stage.Rate;
            var target = arrivals.Length;
            if (options.Arrivals == ArrivalProcess.NormalizedPoisson)
            {
                target = Math.Min(arrivals.Length, count + (int)Math.Floor((stage.Rate * length) + 0.5));
                scale = NormalizedScale(options.Seed, index, target - count, length);
                random = new RandomStream(options.Seed, 100 + (ulong)index);
            }

            var time = begin;
            var first = count;
            while (count < target)
            {
                Poll(count, cancellationToken);
                time += Gap(options, random) * scale;
                if (options.Arrivals != ArrivalProcess.NormalizedPoisson && !openEnded && time >= begin + length)
                {
                    break;
                }

                var at = SimulationTime.FromSeconds(time);
                if (at > SimulationTime.Latest)
                {
                    throw new SimulationInputException("workload", "The load lasts more than 90 days.", "Raise the rate or give fewer requests.");
                }

                if (stages is not null)
                {
                    stages[count] = (byte)Math.Min(index, 255);
                }

                arrivals[count++] = at;
            }

            counts[index] = count - first;
            begin += length;
        }

        if (stages is not null)
        {
            Array.Resize(ref stages, count);
        }

        Array.Resize(ref arrivals, count);
        return arrivals;
    }

    private static void Poll(int count, CancellationToken cancellationToken)
    {
        if ((count & 0xFFFF) == 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private static double NormalizedScale(ulong seed, int index, int requests, double length)
    {
        var random = new RandomStream(seed, 100 + (ulong)index);
        double sum = 0;
        for (var i = 0; i < requests; i++)
        {
            sum += random.NextExponential();
        }

        return requests > 0 ? length / sum : 0;
    }

    private static double Gap(WorkloadOptions options, RandomStream random)
    {
        switch (options.Arrivals)
        {
            case ArrivalProcess.Constant:
                return 1;
            case ArrivalProcess.Gamma:
                var shape = 1 / (options.Burstiness * options.Burstiness);
                return random.NextGamma(shape) / shape;
            default:
                return random.NextExponential();
        }
    }

    private static void Check(WorkloadOptions options)
    {
        if (options.Stages.Count == 0)
        {
            throw new SimulationInputException("workload.rate", "The load has no rate.", "Give a rate in requests a second, for example 10.");
        }

        for (var i = 0; i < options.Stages.Count; i++)
        {
            var stage = options.Stages[i];
            if (!(stage.Rate > 0) || stage.Rate > 1e9)
            {
                throw new SimulationInputException(Text($"workload.stages[{i}].rate"), Text($"A rate of {stage.Rate} requests a second makes no load."), "Give a rate above 0.");
            }

            var openEnded = options.Requests is not null && i == options.Stages.Count - 1;
            if (!openEnded && stage.Duration <= TimeSpan.Zero)
            {
                throw new SimulationInputException(Text($"workload.stages[{i}].duration"), "The stage lasts no time.", "Give a duration above 0, or a number of requests.");
            }
        }

        if (options.Requests is < 1)
        {
            throw new SimulationInputException("workload.requests", Text($"{options.Requests} requests make no load."), "Give 1 or more.");
        }

        if (options.Arrivals == ArrivalProcess.Gamma && options.Burstiness is not (>= 0.05 and <= 20))
        {
            throw new SimulationInputException("workload.burstiness", Text($"A coefficient of variation of {options.Burstiness} is out of range."), "Give one within 0.05 and 20.");
        }

        CheckLength("workload.prompt", options.Prompt);
        CheckLength("workload.output", options.Output);
    }

    private static void CheckLength(string target, LengthDistribution length)
    {
        if (length.Kind == LengthKind.Empirical ? length.Values.Count == 0 : length.Mean is not (>= 1 and <= 100_000_000))
        {
            throw new SimulationInputException(target, Text($"A mean of {length.Mean} tokens makes no length."), "Give a mean of 1 token or more, or the values of an empirical distribution.");
        }

        if (length.Deviation is not (>= 0 and <= 100_000_000) || length.Minimum < 1 || length.Maximum < length.Minimum)
        {
            throw new SimulationInputException(target, "The deviation is negative, or the bounds are crossed.", "Give a deviation of 0 or more and 1 ≤ minimum ≤ maximum.");
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
