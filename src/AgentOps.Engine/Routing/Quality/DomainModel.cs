namespace AgentOps.Engine.Routing.Quality;

/// <summary>From a prompt's words to its domain: multinomial naive Bayes over weighted features.</summary>
internal sealed class DomainModel
{
    private const double Smoothing = 0.02;
    private const double Sharpness = 2.5;

    // Feature-major, so that scoring a prompt walks memory once.
    private readonly float[] logs;
    private readonly double[] priors;

    private DomainModel(float[] logs, double[] priors)
    {
        this.logs = logs;
        this.priors = priors;
    }

    public DomainModel(IReadOnlyList<WeightedFeatures.Weighted> prompts, IReadOnlyList<int> labels, int domains)
    {
        logs = new float[PromptFeatures.HashSize * domains];
        priors = new double[domains];
        var totals = new double[domains];
        for (var prompt = 0; prompt < prompts.Count; prompt++)
        {
            var (indices, values, _) = prompts[prompt];
            var domain = labels[prompt];
            priors[domain]++;
            for (var place = 0; place < indices.Length; place++)
            {
                logs[(indices[place] * domains) + domain] += values[place];
                totals[domain] += values[place];
            }
        }

        // Most features never occur in most domains.
        var offsets = totals.Select(total => Math.Log(total + (Smoothing * PromptFeatures.HashSize))).ToArray();
        var absent = Math.Log(Smoothing);
        for (var place = 0; place < logs.Length; place++)
        {
            logs[place] = (float)((logs[place] > 0 ? Math.Log(logs[place] + Smoothing) : absent) - offsets[place % domains]);
        }

        for (var domain = 0; domain < domains; domain++)
        {
            priors[domain] = Math.Log((priors[domain] + 1) / (prompts.Count + domains));
        }
    }

    /// <summary>How many domains it tells apart.</summary>
    public int Domains => priors.Length;

    /// <summary>Reads what was learned.</summary>
    public static DomainModel Read(BinaryReader reader, int domains) =>
        new(Numbers.ReadSingles(reader, PromptFeatures.HashSize * domains), Numbers.ReadDoubles(reader, domains));

    /// <summary>Writes what was learned.</summary>
    public void Write(BinaryWriter writer)
    {
        Numbers.Write(writer, logs);
        Numbers.Write(writer, priors);
    }

    /// <summary>The probability of each domain.</summary>
    public double[] Posterior(WeightedFeatures.Weighted prompt)
    {
        var domains = Domains;
        var scores = (double[])priors.Clone();
        for (var place = 0; place < prompt.Indices.Length; place++)
        {
            var row = logs.AsSpan(prompt.Indices[place] * domains, domains);
            var weight = Sharpness * prompt.Values[place];
            for (var domain = 0; domain < row.Length; domain++)
            {
                scores[domain] += weight * row[domain];
            }
        }

        var best = scores.Max();
        var sum = 0.0;
        for (var domain = 0; domain < domains; domain++)
        {
            scores[domain] = Math.Exp(scores[domain] - best);
            sum += scores[domain];
        }

        for (var domain = 0; domain < domains; domain++)
        {
            scores[domain] /= sum;
        }

        return scores;
    }
}
