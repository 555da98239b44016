using System.Text.RegularExpressions;
using AgentOps.Engine.Catalog;
using AgentOps.Engine.Errors;

namespace AgentOps.Engine.Routing;

/// <summary>What models reached on published benchmarks, by domain. Each score has its source and date; what is not stated is unknown.</summary>
public sealed partial class QualityCatalog
{
    private const string FileName = "quality.yaml";

    private readonly Dictionary<(string Model, PromptDomain Domain, string Benchmark), DomainScore> _scores = [];

    private QualityCatalog()
    {
    }

    /// <summary>A catalog that knows nothing.</summary>
    public static QualityCatalog Empty { get; } = new();

    /// <summary>All scores, in the catalog's order.</summary>
    public IReadOnlyCollection<DomainScore> Scores => _scores.Values;

    /// <summary>Reads the built-in catalog and, over it, a user's own.</summary>
    /// <param name="path">A folder, or a file named <c>quality.yaml</c>; null for none.</param>
    /// <exception cref="AgentOpsException"><c>CatalogInvalid</c>; says file, line and column.</exception>
    public static QualityCatalog Load(string? path = null)
    {
        var catalog = new QualityCatalog();
        CatalogText.Read(path, FileName, catalog.Read);
        return catalog;
    }

    /// <summary>The scores of a model, whatever host, date or version its name carries.</summary>
    public IEnumerable<DomainScore> Of(string model)
    {
        var key = KeyOf(model);
        return _scores.Where(score => score.Key.Model == key).Select(score => score.Value);
    }

    /// <summary>The benchmarks of a domain, in the catalog's order.</summary>
    internal IEnumerable<string> Benchmarks(PromptDomain domain) =>
        Scores.Where(score => score.Domain == domain).Select(score => score.Benchmark).Distinct(StringComparer.Ordinal);

    /// <summary>A model's score on a benchmark; null where none is stated.</summary>
    /// <param name="key">From <see cref="KeyOf"/>.</param>
    /// <param name="domain">The domain.</param>
    /// <param name="benchmark">One of <see cref="Benchmarks"/>.</param>
    internal DomainScore? Find(string key, PromptDomain domain, string benchmark) => _scores.GetValueOrDefault((key, domain, benchmark));

    /// <summary>Whether there is any score of a model.</summary>
    internal bool Knows(string key) => _scores.Keys.Any(score => score.Model == key);

    internal static QualityCatalog Read(TextReader text)
    {
        var catalog = new QualityCatalog();
        catalog.Read(FileName, text);
        return catalog;
    }

    private void Read(string file, TextReader text)
    {
        var domains = Enum.GetValues<PromptDomain>().ToDictionary(PromptDomains.NameOf);
        foreach (var node in CatalogNode.Entries(file, text))
        {
            node.Text("domain");
            node.Text("date");
            var value = node.Number("score");
            var score = new DomainScore(node.Text("model"), node.Choice("domain", PromptDomain.General, domains), node.Text("benchmark"), value)
            {
                Source = node.Text("source"),
                Date = node.Date("date")!.Value,
            };
            node.RefuseUnknown();
            if (value > 1)
            {
                throw new AgentOpsException(ErrorCodes.CatalogInvalid, $"{node.Place}: 'score' must be a share from 0 to 1.", node.Place);
            }

            _scores[(KeyOf(score.Model), score.Domain, score.Benchmark)] = score;
        }
    }

    /// <summary>
    /// What names of one model have in common: no path or prefix of a host (<c>us.anthropic.</c>, <c>openai/</c>), no date or version at the
    /// end, and no signs between letters and digits, which hosts write differently.
    /// </summary>
    internal static string KeyOf(string model)
    {
        var name = Prefix().Replace(model[(model.LastIndexOf('/') + 1)..].ToLowerInvariant(), string.Empty);
        for (var shorter = Version().Replace(name, string.Empty); shorter.Length < name.Length; shorter = Version().Replace(name, string.Empty))
        {
            name = shorter;
        }

        return string.Concat(name.Where(char.IsLetterOrDigit));
    }

    [GeneratedRegex("^([a-z]+\\.)+", RegexOptions.CultureInvariant)]
    private static partial Regex Prefix();

    [GeneratedRegex("([-@](\\d{4}-\\d{2}-\\d{2}|\\d{8}|\\d{3}|latest|v\\d+)|:\\d+)$", RegexOptions.CultureInvariant)]
    private static partial Regex Version();
}
