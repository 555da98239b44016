namespace AgentOps.Engine.Routing.Quality;

/// <summary>From a prompt's words to its domain: multinomial naive Bayes over weighted features.</summary>
internal sealed class DomainModel
{
    private const double Smoothing = 0.02;
    private const double Sharpness = 2.5;

    // Feature-major, so that scoring a prompt walks memory once.
    private readonly float[] _logs;
    private readonly double[] _priors;

    private DomainModel(float[] logs, double[] priors)
    {
        _logs = logs;
        _priors = priors;
    }

    public DomainModel(IReadOnlyList<WeightedFeatures.Weighted> prompts, IReadOnlyList<int> labels, int domains)
    {
        _logs = new float[PromptFeatures.HashSize * domains];
        _priors = new double[domains];
        var totals = new double[domains];
        for (var prompt = 0; prompt < prompts.Count; prompt++)
        {
            var (indices, values, _) = prompts[prompt];
            var domain = labels[prompt];
            _priors[domain]++;
            for (var place = 0; place < indices.Length; place++)
            {
                _logs[(indices[place] * domains) + domain] += values[place];
                totals[domain] += values[place];
            }
        }

        // Most features never occur in most domains.
        var offsets = totals.Select(total => Math.Log(total + (Smoothing * PromptFeatures.HashSize))).ToArray();
        var absent = Math.Log(Smoothing);
        for (var place = 0; place < _logs.Length; place++)
        {
            _logs[place] = (float)((_logs[place] > 0 ? Math.Log(_logs[place] + Smoothing) : absent) - offsets[place % domains]);
        }

        for (var domain = 0; domain < domains; domain++)
        {
            _priors[domain] = Math.Log((_priors[domain] + 1) / (prompts.Count + domains));
        }
    }

    /// <summary>How many domains it tells apart.</summary>
    public int Domains => _priors.Length;

    /// <summary>Reads what was learned.</summary>
    public static DomainModel Read(BinaryReader reader, int domains) =>
        new(Numbers.ReadSingles(reader, PromptFeatures.HashSize * domains), Numbers.ReadDoubles(reader, domains));

    /// <summary>Writes what was learned.</summary>
    public void Write(BinaryWriter writer)
    {
        Numbers.Write(writer, _logs);
        Numbers.Write(writer, _priors);
    }

    /// <summary>The probability of each domain.</summary>
    public double[] Posterior(WeightedFeatures.Weighted prompt)
    {
        var domains = Domains;
        var scores = (double[])_priors.Clone();
        for (var place = 0; place < prompt.Indices.Length; place++)
        {
            var row = _logs.AsSpan(prompt.Indices[place] * domains, domains);
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
