using System.Collections.Immutable;
using System.Globalization;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Routing;
using AgentOps.Engine.Routing.Quality;
using static AgentOps.Engine.Tests.Providers.ProviderTesting;

namespace AgentOps.Engine.Tests.Routing;

public class QualityTests
{
    // Two domains that the words tell apart; the weak model is good at the second alone.
    private static QualityTable Table { get; } = QualityTable.Read(new StringReader(Csv()), "made");

    [Fact]
    public void The_learned_router_finds_the_domain_in_the_words()
    {
        var reports = RouterComparison.Compare(Table, folds: 4, seeds: 2).Reports.ToDictionary(report => report.Router);
        Assert.True(reports["learned"].BeyondZero.Low > 0.2);
        Assert.True(reports["learned"].Saved95.Value <= reports["oracle"].Saved95.Value + 1e-9);
        Assert.InRange(reports["learned"].Saved95.Value, reports["learned"].Saved95.Low - 0.02, reports["learned"].Saved95.High + 0.02);
        Assert.InRange(reports["learned"].StrongCalls95, 0.3, 0.55);
    }

    [Fact]
    public void Predictions_are_the_same_each_time()
    {
        var (one, other) = (RouterEvaluation.CrossValidate(Table, 4, 1)[5], RouterEvaluation.CrossValidate(Table, 4, 1)[5]);
        Assert.Equal(one.Scores, other.Scores);
        Assert.Equal(one.Costs, other.Costs);
    }

    [Fact]
    public void A_model_that_was_written_predicts_as_before_and_a_spoilt_file_is_refused()
    {
        var path = Path.GetTempFileName();
        try
        {
            var model = QualityModel.Train(Table);
            using (var output = File.Create(path))
            {
                QualityModelFile.Write(Table.Models, model, 0.25, output);
            }

            var read = QualityModelFile.Read(path);
            Assert.Equal(Table.Models, read.Models);
            Assert.Equal(0.25, read.Margin);
            Assert.All(Table.Examples, example =>
            {
                Assert.Equal(model.Predict(example.Prompt).Scores, read.Model.Predict(example.Prompt).Scores);
                Assert.Equal(model.Predict(example.Prompt).Costs, read.Model.Predict(example.Prompt).Costs);
            });

            var bytes = File.ReadAllBytes(path);
            Assert.DoesNotContain("integral", System.Text.Encoding.Latin1.GetString(bytes), StringComparison.Ordinal);
            foreach (var spoilt in new[] { bytes[..^100], bytes[..10], [], [.. "agentops-quality 1\n"u8, 1, 2, 3], [1, .. bytes] })
            {
                File.WriteAllBytes(path, spoilt);
                Assert.Equal(ErrorCodes.QualityModelInvalid, Assert.Throws<AgentOpsException>(() => QualityModelFile.Read(path)).Code);
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void What_was_learned_comes_before_what_the_workspace_knows_and_that_before_nothing()
    {
        var path = Path.GetTempFileName();
        try
        {
            using (var output = File.Create(path))
            {
                QualityModelFile.Write(Table.Models, QualityModel.Train(Table), 0.25, output);
            }

            var outcomes = new DomainQuality(DomainClassifier.Load(), QualityCatalog.Empty);
            outcomes.Observe(ImmutableDictionary<string, ModelOutcomes>.Empty
                .Add("weak", ModelOutcomes.None.With(PromptDomain.General, new OutcomeCount(0, 50)))
                .Add("used", ModelOutcomes.None.With(PromptDomain.General, new OutcomeCount(50, 50))));
            var providers = new ProviderSet(new ProviderFactory());
            providers.Register(new ProviderDefinition { Name = "p", Kind = ProviderKinds.Simulated });
            var router = new Router(providers, quality: outcomes);
            var route = new RouteDefinition
            {
                Name = "r",
                Targets = [new RouteTarget("p", "weak"), new RouteTarget("p", "used"), new RouteTarget("p", "unheard")],
                Objective = RouteObjective.CheapestCapable,
                QualityModel = new QualityModelReference(path, QualityModelFile.Read(path).Digest),
            };
            var candidates = router.Resolve(new RouteRequest(route, Ask("Explain the poem and the verse"))).Candidates.ToDictionary(candidate => candidate.Target.Model);

            // The workspace alone would say 0.02.
            Assert.InRange(candidates["weak"].PredictedQuality!.Value, 0.2m, 1);
            Assert.Equal("learned from a table of prompts and scores", candidates["weak"].QualitySource);
            Assert.Equal("0 of 0 sessions about writing completed, 50 of 50 in all", candidates["used"].QualitySource);
            Assert.Null(candidates["unheard"].PredictedQuality);

            // Where the route's model knows all, nobody else is asked.
            Assert.Null(router.Resolve(new RouteRequest(route with { Targets = [route.Targets[0]] }, Ask("Explain the poem"))).Domains);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void The_margin_keeps_the_quality_that_was_asked_for_and_a_smaller_share_saves_more()
    {
        var predictions = RouterEvaluation.CrossValidate(Table, 4, 0);
        var (most, least) = (CapableMargin.Of(Table, predictions, 0.99), CapableMargin.Of(Table, predictions, 0.7));
        Assert.True(most.Quality >= 0.99 && least.Quality >= 0.7);
        Assert.True(least.Value >= most.Value && least.Saved >= most.Saved);
        Assert.InRange(most.Saved, 0.4, 0.6);
    }

    [Fact]
    public void A_strongest_model_that_costs_nothing_is_refused()
    {
        var free = QualityTable.Read(new StringReader("prompt_id,prompt,model,score,cost\n1,a,x,1,0\n1,a,y,0,0\n2,b,x,1,0\n2,b,y,0,0\n"), "f.csv");
        Assert.Contains("costs nothing", Assert.Throws<AgentOpsException>(() => RouterComparison.Compare(free)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Prompts_that_not_every_model_answered_are_counted()
    {
        var table = QualityTable.Read(new StringReader("prompt_id,prompt,model,score,cost\n1,a,x,1,1\n1,a,y,0,1\n2,b,x,1,1\n"), "f.csv");
        Assert.Equal((1, 1), (table.Examples.Count, table.LeftOut));
    }

    [Theory]
    [InlineData("prompt_id,prompt,model,score\n", "cost")]
    [InlineData("prompt_id,prompt,model,score,cost\na,b,c,good,1\n", ":2:")]
    [InlineData("prompt_id,prompt,model,score,cost\na,\"b\nc\",m,1,1\nshort\n", ":4:")]
    [InlineData("", "empty")]
    [InlineData("id,text,model,score,cost\n", "found: id, text, model, score, cost")]
    [InlineData("prompt_id,prompt,model,score,cost\n1,a,x,-1,1\n", ":2: the score -1 is below 0")]
    [InlineData("prompt_id,prompt,model,score,cost\n1,a,x,1,-0.5\n", ":2: the cost -0.5 is below 0")]
    [InlineData("prompt_id,prompt,model,score,cost\n1,a, ,1,1\n", ":2: the model is empty")]
    public void A_wrong_table_says_where(string text, string expected)
    {
        var exception = Assert.Throws<AgentOpsException>(() => QualityTable.Read(new StringReader(text), "f.csv"));
        Assert.Equal(ErrorCodes.QualityTableInvalid, exception.Code);
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Answers_of_one_model_to_one_prompt_count_as_their_mean()
    {
        var table = QualityTable.Read(new StringReader("prompt_id,prompt,model,score,cost\n1,a,x,1,1\n1,a,y,0,1\n1,a,x,0,2\n1,a,x,0,3\n1,a,x,1,2\n"), "f.csv");
        var example = Assert.Single(table.Examples);
        Assert.Equal([0.5, 0], example.Scores);
        Assert.Equal([2, 1], example.Costs);
    }

    [Fact]
    public void A_prompt_is_its_id_and_its_text()
    {
        var table = QualityTable.Read(new StringReader("prompt_id,prompt,model,score,cost\n1,a,x,1,1\n1,a,y,0,1\n1,b,x,1,1\n1,b,y,1,1\n,c,x,1,1\n,c,y,1,1\n"), "f.csv");
        Assert.Equal(["a", "b", "c"], table.Examples.Select(example => example.Prompt));
    }

    [Fact]
    public void The_scale_of_the_scores_changes_no_share()
    {
        var random = new Random(3);
        QualityExample[] examples = [.. Enumerable.Range(0, 120).Select(row => new QualityExample(
            $"About {(row % 2 == 0 ? "courts" : "threads")} number {row}", null, [random.NextDouble() < (row % 2 == 0 ? 0.9 : 0.3) ? 1 : 0, random.NextDouble() < 0.9 ? 1 : 0], [0.1, 1]))];
        var tenfold = new QualityTable(["x", "y"], [.. examples.Select(example => new QualityExample(example.Prompt, null, [.. example.Scores.Select(score => 10 * score)], example.Costs))]);

        var (once, ten) = (RouterComparison.Compare(new QualityTable(["x", "y"], examples), 3, 2), RouterComparison.Compare(tenfold, 3, 2));

        Assert.Equal(once.Reports.Select(report => Math.Round(report.Saved95.Value, 3)), ten.Reports.Select(report => Math.Round(report.Saved95.Value, 3)));
    }

    [Fact]
    public void A_table_that_is_not_there_says_so()
    {
        var exception = Assert.Throws<AgentOpsException>(() => QualityTable.Load(Path.Combine(Path.GetTempPath(), "no such table.csv")));
        Assert.Equal(ErrorCodes.PathNotFound, exception.Code);
    }

    [Fact]
    public void One_prompt_leaves_nothing_to_learn_from()
    {
        var one = QualityTable.Read(new StringReader("prompt_id,prompt,model,score,cost\n1,a,x,1,1\n1,a,y,0,1\n"), "f.csv");
        var exception = Assert.Throws<AgentOpsException>(() => RouterComparison.Compare(one));
        Assert.Equal(ErrorCodes.QualityTableInvalid, exception.Code);
        Assert.Contains("one prompt", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(30)]
    public void A_category_for_each_prompt_still_leaves_prompts_to_learn_from(int prompts)
    {
        var examples = Enumerable.Range(0, prompts).Select(row => new QualityExample($"prompt {row}", $"category {row}", [row % 2, 1], [1, 2])).ToArray();
        Assert.Equal(4, RouterComparison.Compare(new QualityTable(["cheap", "dear"], examples), folds: 5, seeds: 2).Reports.Count);
    }

    private static string Csv()
    {
        var text = new System.Text.StringBuilder("prompt_id,prompt,model,score,cost,category\n");
        string[][] words = [["integral", "matrix", "theorem", "proof", "limit"], ["poem", "novel", "author", "verse", "drama"]];
        for (var row = 0; row < 400; row++)
        {
            var domain = row % 2;
            var prompt = $"Explain the {words[domain][row / 2 % 5]} and the {words[domain][row / 10 % 5]}, number {row}";
            var weak = domain == 1 || row % 10 == 0 ? 1 : 0;
            text.Append(CultureInfo.InvariantCulture, $"{row},\"{prompt}\",weak,{weak},0.1,d{domain}\n{row},\"{prompt}\",strong,1,1,d{domain}\n");
        }

        return text.ToString();
    }
}
