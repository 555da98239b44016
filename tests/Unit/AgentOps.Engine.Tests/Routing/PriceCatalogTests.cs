using AgentOps.Engine.Errors;
using AgentOps.Engine.Routing;

namespace AgentOps.Engine.Tests.Routing;

/// <summary>What models cost, read from a file: complete or refused, and of the very model.</summary>
public sealed class PriceCatalogTests
{
    [Fact]
    public void The_catalog_knows_dated_names_and_capabilities()
    {
        var catalog = PriceCatalog.Load();
        Assert.Equal(2m, catalog.Find("openai", "gpt-4.1-2025-04-14")!.Price.Input);
        Assert.Equal(0.4m, catalog.Find("azure-openai", "gpt-4.1-mini")!.Price.Input);
        Assert.Equal(3m, catalog.Find("bedrock", "anthropic.claude-sonnet-4-5-20250929-v1:0")!.Price.Input);
        Assert.Null(catalog.Find("openai", "nobody"));
        Assert.True(catalog.Find("openai", "gpt-5-2025-08-07")!.FixedTemperature);
        Assert.False(catalog.Find("openai", "gpt-4.1")!.FixedTemperature);
    }

    [Theory]
    [InlineData("openai", "gpt-4o-2024-11-20", "gpt-4o")]
    [InlineData("openai", "o3-2025-04-16", "o3")]
    [InlineData("anthropic", "claude-3-5-haiku-latest", "claude-3-5-haiku")]
    [InlineData("gemini", "gemini-2.5-pro-preview-05-06", "gemini-2.5-pro")]
    [InlineData("gemini", "gemini-2.5-flash-preview-09-2025", "gemini-2.5-flash")]
    [InlineData("gemini", "gemini-2.0-flash-001", "gemini-2.0-flash")]
    [InlineData("bedrock", "amazon.nova-pro-v1:0", "amazon.nova-pro")]
    [InlineData("bedrock", "amazon.nova-pro-v1:0:300k", "amazon.nova-pro")]
    [InlineData("anthropic", "claude-sonnet-4-5@20250929", "claude-sonnet-4-5")]
    [InlineData("openai", "gpt-4o-audio-preview", null)]
    [InlineData("openai", "gpt-5-chat-latest", null)]
    [InlineData("openai", "gpt-5-codex", null)]
    [InlineData("openai", "o3-mini", null)]
    [InlineData("openai", "o3-pro-2025-06-10", null)]
    [InlineData("anthropic", "claude-opus-5-7", null)]
    [InlineData("gemini", "gemini-2.5-flash-image", null)]
    public void A_date_or_a_version_at_the_end_makes_no_other_model_and_a_word_or_a_number_does(string provider, string name, string? listed) =>
        Assert.Equal(listed, PriceCatalog.Load().Find(provider, name)?.Model);

    [Fact]
    public void A_name_without_a_price_has_none()
    {
        var catalog = PriceCatalog.Load();
        Assert.Null(catalog.Find("openai", ""));
        Assert.Null(catalog.Find("openai", "-2025-08-07"));
    }

    [Fact]
    public void Every_figure_of_the_catalog_has_a_source_a_date_and_tells_whether_it_was_seen_there()
    {
        var figures = PriceCatalog.Load().Models.SelectMany(model => model.Figures, (model, figure) => (model.Model, Figure: figure)).ToArray();
        Assert.All(figures, item => Assert.True(item.Figure.Source.StartsWith("https://", StringComparison.Ordinal) && item.Figure.Date.Year >= 2025, item.ToString()));

        // What was seen was seen on a page of the vendor that hosts the model.
        string[] vendors = ["developers.openai.com", "platform.claude.com", "ai.google.dev", "aws.amazon.com", "docs.aws.amazon.com"];
        Assert.All(figures.Where(item => item.Figure.IsConfirmed), item => Assert.Contains(new Uri(item.Figure.Source).Host, vendors));
        Assert.All(PriceCatalog.Load().Models, model => Assert.True(model.Price is { Input: > 0, Output: > 0, Batch: null or (> 0 and <= 1) } && model.ContextTokens > 0, model.Model));
    }

    [Theory]
    [InlineData("unconfirmed: [inputs]", "'inputs' in 'unconfirmed' is none of input, output, context")]
    [InlineData("unconfirmed: [batch]", "'batch' in 'unconfirmed' is none of")]
    [InlineData("sources: {input: https://a}", "'input' must be")]
    [InlineData("sources: {input: [https://a, yesterday]}", "'input' must be a page and a date")]
    [InlineData("sources: {input: [https://a, 2026-01-01], batch: [https://a, 2026-01-01]}", "Unknown key 'batch'")]
    [InlineData("batch: 50", "'batch' must be a share from 0 to 1")]
    [InlineData("cached-input: 1e40", "'cached-input' must be a number")]
    [InlineData("long: {above: 200000, input: 2}", "The key 'output' is missing")]
    [InlineData("long: {above: 3e9, input: 2, output: 3}", "'above' must be a whole number")]
    [InlineData("long: {above: 200.5, input: 2, output: 3}", "'above' must be a whole number")]
    public void A_line_that_is_wrong_is_refused(string line, string what) => Refused($"- model: m\n  provider: openai\n  input: 1\n  output: 2\n  context: 3\n  source: https://a\n  date: 2026-01-01\n  {line}\n", what);

    [Theory]
    [InlineData("input: 1", "The key 'output' is missing")]
    [InlineData("output: 1", "The key 'input' is missing")]
    public void A_model_without_a_price_is_refused_and_not_free(string line, string what) => Refused($"- model: m\n  provider: openai\n  {line}\n  context: 3\n  source: https://a\n", what);

    [Fact]
    public void A_kind_of_provider_that_nobody_knows_is_refused() => Refused("- model: m\n  provider: opnai\n  input: 1\n  output: 1\n  context: 3\n  source: https://a\n", "'provider' must be one of");

    [Fact]
    public void Azure_costs_what_OpenAI_does_unless_ones_own_line_says_otherwise()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        File.WriteAllText(Path.Combine(folder, "prices.yaml"), "- model: gpt-4.1\n  provider: azure-openai\n  input: 7\n  output: 8\n  context: 9\n  source: https://a\n");
        var catalog = PriceCatalog.Load(folder);
        Directory.Delete(folder, true);

        Assert.Equal((7m, 2m), (catalog.Find("azure-openai", "gpt-4.1-2025-04-14")!.Price.Input, catalog.Find("openai", "gpt-4.1")!.Price.Input));
        Assert.Equal(0.4m, catalog.Find("azure-openai", "gpt-4.1-mini")!.Price.Input);
    }

    private static void Refused(string text, string what)
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory().FullName, "prices.yaml");
        File.WriteAllText(file, text);
        var error = Assert.Throws<AgentOpsException>(() => PriceCatalog.Load(file));
        Directory.Delete(Path.GetDirectoryName(file)!, true);
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
    }
}
