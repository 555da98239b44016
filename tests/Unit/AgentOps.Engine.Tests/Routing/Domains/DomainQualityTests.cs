using System.Collections.Immutable;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Routing;
using FsCheck;
using FsCheck.Fluent;
using static AgentOps.Engine.Tests.Providers.ProviderTesting;

namespace AgentOps.Engine.Tests.Routing.Domains;

public class DomainQualityTests
{
    private const string AboutCode = "Why does the compiler refuse this JavaScript?";
    private const string AboutLaw = "May the plaintiff sue under this statute?";

    private const string Scores = """
        - {model: strong, domain: code, benchmark: first, score: 0.8, source: "https://a", date: 2025-01-02}
        - {model: middle, domain: code, benchmark: first, score: 0.5, source: "https://a", date: 2025-01-02}
        - {model: middle, domain: code, benchmark: second, score: 0.99, source: "https://b", date: 2025-01-02}
        - {model: weak, domain: code, benchmark: second, score: 0.4, source: "https://b", date: 2025-01-02}
        """;

    private static readonly DomainClassifier Classifier = DomainClassifier.Load();

    private readonly DomainQuality _quality = new(Classifier, Catalog(Scores));
    private ImmutableDictionary<string, ModelOutcomes> _outcomes = ImmutableDictionary.Create<string, ModelOutcomes>(StringComparer.OrdinalIgnoreCase);

    [Fact]
    public void Nothing_known_looks_at_no_prompt()
    {
        Assert.Null(_quality.Predict(Ask(AboutCode), [new RouteTarget("p", "unheard")]));
        Assert.Null(_quality.Predict(Ask(AboutCode), [new RouteTarget("p", "strong") { Quality = 0.3m }]));
        Assert.NotNull(_quality.Predict(Ask(AboutCode), [new RouteTarget("p", "unheard"), new RouteTarget("p", "strong")]));
    }

    [Fact]
    public void A_score_is_the_quality_until_sessions_end_and_only_in_its_domain()
    {
        Assert.Equal([0.8, double.NaN], Predict(AboutCode, "strong", "unheard"));
        Assert.Equal([double.NaN], Predict(AboutLaw, "strong"));
    }

    [Fact]
    public void Only_scores_on_one_benchmark_are_compared()
    {
        Assert.Equal([0.8, 0.5], Predict(AboutCode, "strong", "middle"));
        Assert.Equal([0.99, 0.4], Predict(AboutCode, "middle", "weak"));

        // Both have two of the three: the first holds, and who is not on it is unknown.
        Assert.Equal([0.8, 0.5, double.NaN], Predict(AboutCode, "strong", "middle", "weak"));
    }

    [Fact]
    public void A_model_without_a_score_is_unknown_until_enough_of_its_sessions_ended()
    {
        Ended("new", PromptDomain.Law, 19, 0);
        Assert.True(double.IsNaN(Predict(AboutLaw, "new")[0]));
        Ended("new", PromptDomain.Code, 0, 1);
        var (law, code) = (Predict(AboutLaw, "new")[0], Predict(AboutCode, "new")[0]);
        var prior = 20.0 / 22;
        Assert.Equal(((24 * prior) + 19) / 43, law, 1e-12);
        Assert.Equal(24 * prior / 25, code, 1e-12);
    }

    [Fact]
    public void What_was_never_used_is_not_held_to_be_worse_than_what_was_because_benchmarks_are_hard()
    {
        Ended("middle", PromptDomain.Code, 500, 10);
        var predicted = Predict(AboutCode, "strong", "middle");
        Assert.True(predicted[0] > predicted[1]);
        Assert.True(predicted[1] > 0.9);
    }

    [Fact]
    public void Sessions_outweigh_a_score_in_the_end()
    {
        Ended("strong", PromptDomain.Code, 100, 900);
        Ended("middle", PromptDomain.Code, 900, 100);
        var predicted = Predict(AboutCode, "strong", "middle");
        Assert.InRange(predicted[0], 0.1, 0.15);
        Assert.InRange(predicted[1], 0.85, 0.9);
    }

    [Fact]
    public void Predictions_are_shares_and_order_is_kept() => Check.QuickThrowOnFailure(Prop.ForAll(CasesArbitrary(), sample =>
    {
        var (low, high, completed, more, ended, other) = sample;
        var catalog = Catalog($$"""
            - {model: a, domain: code, benchmark: x, score: {{Text(high)}}, source: "https://a", date: 2025-01-02}
            - {model: b, domain: code, benchmark: x, score: {{Text(low)}}, source: "https://a", date: 2025-01-02}
            """);
        var a = ModelOutcomes.None.With(PromptDomain.Code, new OutcomeCount(Math.Min(ended, completed + more), ended)).With(PromptDomain.Law, new OutcomeCount(other, other));
        var b = ModelOutcomes.None.With(PromptDomain.Code, new OutcomeCount(Math.Min(ended, completed), ended)).With(PromptDomain.Law, new OutcomeCount(other, other));

        // Better on both sources, for as many sessions: never worse. Likewise without any score.
        var both = Predict(catalog, [("a", a), ("b", b)], AboutCode, "a", "b");
        var neither = Predict(QualityCatalog.Empty, [("a", a), ("b", b)], AboutCode, "a", "b");
        var isShare = both.Concat(neither).All(value => double.IsNaN(value) || value is >= 0 and <= 1);
        return isShare && both[0] >= both[1] - 1e-9 && (double.IsNaN(neither[0]) || neither[0] >= neither[1] - 1e-9);
    }));

    [Fact]
    public void A_further_success_never_lowers_a_prediction_and_a_failure_never_raises_it() => Check.QuickThrowOnFailure(Prop.ForAll(CasesArbitrary(), sample =>
    {
        var (low, high, completed, more, ended, other) = sample;
        var catalog = Catalog($$"""
            - {model: a, domain: code, benchmark: x, score: {{Text(high)}}, source: "https://a", date: 2025-01-02}
            - {model: b, domain: code, benchmark: x, score: {{Text(low)}}, source: "https://a", date: 2025-01-02}
            """);
        var a = ModelOutcomes.None.With(PromptDomain.Code, new OutcomeCount(Math.Min(ended, completed), ended)).With(PromptDomain.Law, new OutcomeCount(0, 20 + other));
        var b = ModelOutcomes.None.With(PromptDomain.Code, new OutcomeCount(Math.Min(ended, more), ended)).With(PromptDomain.Law, new OutcomeCount(20 + other, 20 + other));
        return new[] { catalog, QualityCatalog.Empty }.All(scores => new[] { AboutCode, AboutLaw }.All(prompt =>
        {
            var before = Predict(scores, [("a", a), ("b", b)], prompt, "a", "b");
            var better = Predict(scores, [("a", a.With(PromptDomain.Code, true)), ("b", b)], prompt, "a", "b");
            var worse = Predict(scores, [("a", a.With(PromptDomain.Code, false)), ("b", b)], prompt, "a", "b");
            return Enumerable.Range(0, 2).All(target => better[target] >= before[target] - 1e-9 && worse[target] <= before[target] + 1e-9);
        }));
    }));

    [Fact]
    public void Each_figure_says_where_it_comes_from()
    {
        Ended("strong", PromptDomain.Code, 12, 2);
        Ended("new", PromptDomain.Law, 30, 5);
        RouteTarget[] targets = [new("p", "strong"), new("p", "new"), new("p", "unheard")];
        var prediction = _quality.Predict(Ask(AboutCode), targets)!;
        Assert.Equal(PromptDomain.Code, prediction.Domains!.Most);
        Assert.StartsWith("code: first 0.8 (https://a, 2025-01-02); 12 of 14 sessions about code completed", prediction.Explain(0), StringComparison.Ordinal);
        Assert.Equal("0 of 0 sessions about code completed, 30 of 35 in all", prediction.Explain(1));
        Assert.Null(prediction.Explain(2));
    }

    [Fact]
    public void Names_of_one_model_are_one()
    {
        var catalog = QualityCatalog.Load();
        Assert.NotEmpty(catalog.Of("anthropic.claude-sonnet-4-5-20250929-v1:0"));
        foreach (var name in new[] { "us.anthropic.claude-sonnet-4-5-20250929-v1:0", "anthropic/claude-sonnet-4.5", "Claude-Sonnet-4-5" })
        {
            Assert.Equal(catalog.Of("claude-sonnet-4-5"), catalog.Of(name));
        }

        Assert.Equal(catalog.Of("meta.llama3-3-70b-instruct-v1:0"), catalog.Of("meta-llama/Llama-3.3-70B-Instruct"));
        Assert.Empty(catalog.Of("gpt-5-mini"));
        Assert.Empty(catalog.Of("gpt-4"));
        Assert.NotEmpty(catalog.Of("gpt-4.1-2025-04-14"));
    }

    [Fact]
    public void Every_score_of_the_catalog_has_a_source_and_a_date_and_company()
    {
        var catalog = QualityCatalog.Load();
        Assert.All(catalog.Scores, score => Assert.True(score.Source.StartsWith("https://", StringComparison.Ordinal) && score.Date.Year >= 2024 && score.Score is > 0 and <= 1));
        Assert.All(catalog.Scores.GroupBy(score => (score.Domain, score.Benchmark)), benchmark => Assert.True(benchmark.Count() > 1, benchmark.Key.Benchmark));
    }

    [Theory]
    [InlineData("- {model: a, domain: code, benchmark: x, score: 80, source: s, date: 2025-01-02}", "from 0 to 1")]
    [InlineData("- {model: a, domain: cooking, benchmark: x, score: 0.8, source: s, date: 2025-01-02}", "must be one of")]
    [InlineData("- {model: a, domain: code, score: 0.8, source: s, date: 2025-01-02}", "benchmark")]
    [InlineData("- {model: a, domain: code, benchmark: x, score: 0.8, date: 2025-01-02}", "source")]
    [InlineData("- {model: a, domain: code, benchmark: x, score: 0.8, source: s}", "date")]
    public void A_wrong_catalog_says_where(string text, string expected)
    {
        var fault = Assert.Throws<AgentOpsException>(() => Catalog(text));
        Assert.Equal(ErrorCodes.CatalogInvalid, fault.Code);
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
        Assert.Contains(":1:", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_catalog_of_ones_own_goes_over_the_built_in_one()
    {
        var folder = Directory.CreateTempSubdirectory("agentops-");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "quality.yaml"), """
                - {model: gpt-4o, domain: general, benchmark: MMLU, score: 0.11, source: "https://mine", date: 2026-01-02}
                - {model: my-model, domain: law, benchmark: ours, score: 0.7, source: "https://mine", date: 2026-01-02}
                """);
            var own = QualityCatalog.Load(folder.FullName);
            Assert.Equal(0.11, own.Of("gpt-4o").Single(score => score.Benchmark == "MMLU").Score);
            Assert.Single(own.Of("my-model"));
            Assert.Equal(QualityCatalog.Load().Scores.Count + 1, own.Scores.Count);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Arbitrary<(double Low, double High, int Completed, int More, int Ended, int Other)> CasesArbitrary() => Arb.From(
        from one in Gen.Choose(0, 100)
        from two in Gen.Choose(0, 100)
        from completed in Gen.Choose(0, 60)
        from more in Gen.Choose(0, 60)
        from ended in Gen.Choose(0, 60)
        from other in Gen.Choose(0, 60)
        select (Math.Min(one, two) / 100.0, Math.Max(one, two) / 100.0, completed, more, ended, other));

    private static double[] Predict(QualityCatalog catalog, (string Model, ModelOutcomes Outcomes)[] outcomes, string prompt, params string[] models)
    {
        var quality = new DomainQuality(Classifier, catalog);
        quality.Observe(ImmutableDictionary.CreateRange(StringComparer.OrdinalIgnoreCase, outcomes.Select(item => KeyValuePair.Create(item.Model, item.Outcomes))));
        return Predict(quality, prompt, models);
    }

    private static double[] Predict(DomainQuality quality, string prompt, params string[] models)
    {
        var predicted = quality.Predict(Ask(prompt), [.. models.Select(model => new RouteTarget("p", model))]);
        return [.. models.Select((_, target) => Math.Round(predicted?[target] ?? double.NaN, 12))];
    }

    private static string Text(double value) => value.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static QualityCatalog Catalog(string text) => QualityCatalog.Read(new StringReader(text));

    private double[] Predict(string prompt, params string[] models) => Predict(_quality, prompt, models);

    private void Ended(string model, PromptDomain domain, int completed, int failed)
    {
        _outcomes = _outcomes.SetItem(model, _outcomes.GetValueOrDefault(model, ModelOutcomes.None).With(domain, new OutcomeCount(completed, completed + failed)));
        _quality.Observe(_outcomes);
    }
}
