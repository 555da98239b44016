using System.Globalization;

namespace AgentOps.Engine.Routing;

/// <summary>The probability of each domain for one prompt; they add up to 1.</summary>
public sealed class DomainEstimate
{
    // Below it a domain is not worth telling.
    private const double Noticeable = 0.1;

    private readonly double[] _probabilities;

    internal DomainEstimate(double[] probabilities)
    {
        _probabilities = probabilities;
        for (var domain = 1; domain < probabilities.Length; domain++)
        {
            Most = probabilities[domain] > probabilities[(int)Most] ? (PromptDomain)domain : Most;
        }
    }

    /// <summary>The most probable domain.</summary>
    public PromptDomain Most { get; }

    /// <summary>The probability of a domain, 0 to 1.</summary>
    public double this[PromptDomain domain] => _probabilities[(int)domain];

    /// <summary>The domains worth telling, the most probable first, such as <c>code 91 %, operations 9 %</c>.</summary>
    public override string ToString() => string.Join(", ", _probabilities
        .Select((probability, domain) => (Probability: probability, Domain: (PromptDomain)domain))
        .Where(item => item.Probability >= Noticeable || item.Domain == Most)
        .OrderByDescending(item => item.Probability)
        .Select(item => string.Create(CultureInfo.InvariantCulture, $"{PromptDomains.NameOf(item.Domain)} {100 * item.Probability:0} %")));
}
