using System.Globalization;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Routing;
using FsCheck;
using FsCheck.Fluent;

namespace AgentOps.Engine.Tests.Routing.Domains;

public class DomainClassifierTests
{
    private const string Small = """
        - domain: code
          strong: [compiler, <code-fence>, "c#"]
          terms: [class, function]
        - domain: law
          strong: [court, "due process", indemn*]
          terms: [class, party]
        """;

    private static readonly DomainClassifier BuiltIn = DomainClassifier.Load();

    private static readonly DomainClassifier Lexicon = Of(Small);

    [Theory]
    [InlineData("Fix the null pointer in this method:\n```java\nfoo.bar();\n```", PromptDomain.Code)]
    [InlineData("Prove that the sum of two even integers is even.", PromptDomain.Mathematics)]
    [InlineData("If 3x + 5 = 20, what is x?", PromptDomain.Mathematics)]
    [InlineData("Why does the wavelength of a photon shrink as its energy grows?", PromptDomain.Science)]
    [InlineData("A 54 year old patient has a fever and a cough. Which diagnosis is likely?", PromptDomain.Medicine)]
    [InlineData("May the tenant end the lease if the landlord is in breach of contract?", PromptDomain.Law)]
    [InlineData("Explain the difference between revenue and cash flow on a balance sheet.", PromptDomain.Finance)]
    [InlineData("What did Kant hold against utilitarian ethics?", PromptDomain.Humanities)]
    [InlineData("Draft a friendly press release and shorten the second paragraph.", PromptDomain.Writing)]
    [InlineData("The disk of the build server is full; which log files may go before the next deployment?", PromptDomain.Operations)]
    [InlineData("Übersetze diesen Aufsatz.", PromptDomain.Writing)]
    [InlineData("Rédige une lettre.", PromptDomain.Writing)]
    [InlineData("What shall we have for dinner?", PromptDomain.General)]
    [InlineData("今日は何を食べますか。", PromptDomain.General)]
    [InlineData("", PromptDomain.General)]
    public void The_built_in_lexicon_tells_plain_prompts(string prompt, PromptDomain expected) => Assert.Equal(expected, BuiltIn.Classify(prompt).Most);

    [Fact]
    public void Probabilities_add_up_to_one_whatever_the_text() => Check.QuickThrowOnFailure(Prop.ForAll<string?>(text =>
    {
        var estimate = BuiltIn.Classify(text ?? string.Empty);
        var all = Enum.GetValues<PromptDomain>().Select(domain => estimate[domain]).ToArray();
        return all.All(value => value is >= 0 and <= 1) && Math.Abs(all.Sum() - 1) < 1e-9 && estimate[estimate.Most] >= all.Max();
    }));

    [Fact]
    public void A_prompt_without_a_term_is_general_for_certain()
    {
        Assert.Equal(1, Lexicon.Classify("A parliament of owls, classy and functional")[PromptDomain.General]);
        Assert.Equal("general 100 %", Lexicon.Classify(string.Empty).ToString());
    }

    [Fact]
    public void The_order_of_words_does_not_count_but_that_of_a_pair()
    {
        string[] words = ["the", "compiler", "of", "this", "class", "met", "a", "party", "in", "court"];
        var expected = Lexicon.Classify(string.Join(' ', words));
        var random = new Random(7);
        for (var round = 0; round < 50; round++)
        {
            random.Shuffle(words);
            AssertSame(expected, Lexicon.Classify(string.Join(' ', words)));
        }

        Assert.Equal(PromptDomain.Law, Lexicon.Classify("Due process!").Most);
        Assert.Equal(PromptDomain.General, Lexicon.Classify("The process is due.").Most);
        Assert.Equal(PromptDomain.General, Lexicon.Classify("It is due. Process it.").Most);
    }

    [Fact]
    public void Repeating_a_term_adds_nothing_and_each_further_one_adds()
    {
        AssertSame(Lexicon.Classify("court one two three"), Lexicon.Classify("court court Court COURT"));
        var grown = new[] { "court", "court party", "court party indemnity" }.Select(text => Lexicon.Classify(text)[PromptDomain.Law]).ToArray();
        Assert.Equal(grown.Order(), grown);
        Assert.Equal(3, grown.Distinct().Count());
    }

    [Fact]
    public void A_longer_prompt_takes_more_evidence()
    {
        var filler = string.Join(' ', Enumerable.Repeat("something", 600));
        Assert.Equal(PromptDomain.Law, Lexicon.Classify("The court.").Most);
        Assert.Equal(PromptDomain.General, Lexicon.Classify("The court. " + filler).Most);
    }

    [Theory]
    [InlineData("an INDEMNITY", PromptDomain.Law)]
    [InlineData("C# or c#?", PromptDomain.Code)]
    [InlineData("look: ```", PromptDomain.Code)]
    [InlineData("the letter c", PromptDomain.General)]
    [InlineData("recourt courtyard", PromptDomain.General)]
    public void Words_are_whole_and_stems_are_beginnings(string prompt, PromptDomain expected) => Assert.Equal(expected, Lexicon.Classify(prompt).Most);

    [Fact]
    public void Cultures_do_not_count()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            var expected = BuiltIn.Classify("IS THE PATIENT'S INFECTION VIRAL?");
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("tr-TR");
            AssertSame(expected, DomainClassifier.Load().Classify("IS THE PATIENT'S INFECTION VIRAL?"));
            Assert.Equal(PromptDomain.Medicine, expected.Most);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void A_conversation_is_about_its_goal_and_what_was_asked_last()
    {
        var estimate = Lexicon.Classify(new ModelRequest
        {
            Model = "m",
            Messages =
            [
                Message.Text(MessageRole.System, "compiler compiler"),
                Message.Text(MessageRole.User, "the court"),
                Message.Text(MessageRole.Assistant, "compiler"),
                Message.Text(MessageRole.User, "indemnity"),
            ],
        });
        AssertSame(Lexicon.Classify("the court - indemnity"), estimate);
    }

    [Fact]
    public void Of_a_long_text_the_beginning_and_the_end_count()
    {
        var material = new string('x', 50_000);
        Assert.Equal(PromptDomain.Law, Lexicon.Classify($"The court. {material}").Most);
        Assert.Equal(PromptDomain.Law, Lexicon.Classify($"{material} What says the court?").Most);
        Assert.Equal(PromptDomain.General, Lexicon.Classify($"{material} court {material}").Most);
    }

    [Theory]
    [InlineData("- {domain: cooking, terms: [pan]}", "must be one of code")]
    [InlineData("- {domain: general, terms: [pan]}", "must be one of code")]
    [InlineData("- {domain: law, terms: [one two three]}", "one two three")]
    [InlineData("- {domain: law, terms: ['<circle>']}", "<circle>")]
    [InlineData("- {domain: law, words: [court]}", "words")]
    [InlineData("- {terms: [court]}", "domain")]
    public void A_wrong_lexicon_says_where(string text, string expected)
    {
        var fault = Assert.Throws<AgentOpsException>(() => Of(text));
        Assert.Equal(ErrorCodes.CatalogInvalid, fault.Code);
        Assert.Contains("mine.yaml:1:", fault.Message, StringComparison.Ordinal);
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
    }

    private static void AssertSame(DomainEstimate expected, DomainEstimate actual) =>
        Assert.All(Enum.GetValues<PromptDomain>(), domain => Assert.Equal(expected[domain], actual[domain], 1e-12));

    private static DomainClassifier Of(string text) => new(DomainLexicon.Read("mine.yaml", new StringReader(text)));
}
