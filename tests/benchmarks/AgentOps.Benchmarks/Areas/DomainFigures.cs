using System.Collections.Immutable;
using System.Diagnostics;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Routing;

namespace AgentOps.Benchmarks.Areas;

/// <summary>
/// What looking at a prompt costs a decision, and how often the lexicon names the domain of a question rightly. The lexicon was written
/// without these questions; they check it and fit nothing.
/// </summary>
internal static class DomainFigures
{
    // Short parts, so that some of them meet no neighbour.
    private const int Rounds = 100;
    private const int Parts = 600;

    // The subjects of MMLU and the domain that each is counted for.
    private static readonly Dictionary<PromptDomain, string[]> Subjects = new()
    {
        [PromptDomain.Mathematics] = ["abstract_algebra", "college_mathematics", "elementary_mathematics", "high_school_mathematics", "high_school_statistics", "formal_logic"],
        [PromptDomain.Medicine] = ["anatomy", "clinical_knowledge", "college_medicine", "medical_genetics", "professional_medicine", "nutrition", "virology", "human_aging", "human_sexuality"],
        [PromptDomain.Science] =
        [
            "astronomy", "college_biology", "college_chemistry", "college_physics", "conceptual_physics", "electrical_engineering", "high_school_biology",
            "high_school_chemistry", "high_school_physics",
        ],
        [PromptDomain.Finance] =
        [
            "business_ethics", "econometrics", "high_school_macroeconomics", "high_school_microeconomics", "management", "marketing", "professional_accounting",
            "public_relations",
        ],
        [PromptDomain.Code] = ["college_computer_science", "computer_security", "high_school_computer_science", "machine_learning"],
        [PromptDomain.Law] = ["international_law", "jurisprudence", "professional_law"],
        [PromptDomain.Humanities] =
        [
            "high_school_european_history", "high_school_geography", "high_school_government_and_politics", "high_school_psychology", "high_school_us_history",
            "high_school_world_history", "logical_fallacies", "moral_disputes", "moral_scenarios", "philosophy", "prehistory", "professional_psychology",
            "security_studies", "sociology", "us_foreign_policy", "world_religions",
        ],
        [PromptDomain.General] = ["global_facts", "miscellaneous"],
    };

    public static IEnumerable<Figure> Run(BenchmarkContext context)
    {
        var classifier = DomainClassifier.Load();
        var prompt = new ModelRequest
        {
            Model = "m",
            Messages = [Message.Text(MessageRole.User, "How full is the disk of the build server, and what may be deleted?")],
        };
        yield return new Figure("routing.decide.domains.100", Decide(classifier, prompt), "us");
        yield return new Figure("routing.domains.classify", Best(() => classifier.Classify(prompt)), "us");

        var table = context.DataPath is null ? null : MmluTable.Read(Path.Combine(context.DataPath, "routing", "mmlu"));
        if (table is null)
        {
            BenchmarkContext.Say("routing.domains.mmlu is left out: AGENTOPS_DATA names no folder with routing/mmlu.");
            yield break;
        }

        var expected = Subjects.SelectMany(domain => domain.Value, (domain, subject) => (Subject: "mmlu_" + subject, Domain: domain.Key)).ToDictionary(item => item.Subject, item => item.Domain);
        var found = table.Examples.Select(example => (Expected: expected[example.Category!], Found: classifier.Classify(example.Prompt).Most)).ToArray();
        foreach (var domain in found.GroupBy(item => item.Expected).OrderBy(group => group.Key))
        {
            BenchmarkContext.Say($"  {PromptDomains.NameOf(domain.Key)}: {100.0 * domain.Count(item => item.Found == item.Expected) / domain.Count():0.0} % of {domain.Count()} right, "
                + $"{100.0 * domain.Count(item => item.Found == PromptDomain.General) / domain.Count():0.0} % taken for general");
        }

        yield return new Figure("routing.domains.mmlu", 100.0 * found.Count(item => item.Found == item.Expected) / found.Length, "% right");
    }

    // As routing.decide.100, but no target states its quality: each model has sessions in two domains, and the prompt is looked at.
    private static double Decide(DomainClassifier classifier, ModelRequest prompt)
    {
        using var factory = new ProviderFactory();
        var providers = new ProviderSet(factory);
        var targets = new RouteTarget[100];
        var outcomes = ImmutableDictionary.CreateBuilder<string, ModelOutcomes>(StringComparer.OrdinalIgnoreCase);
        for (var index = 0; index < targets.Length; index++)
        {
            providers.Register(new ProviderDefinition { Name = $"p{index}", Kind = ProviderKinds.Simulated });
            targets[index] = new RouteTarget($"p{index}", $"m{index}")
            {
                Price = new ModelPrice(1 + (index * 37 % 101), 5),
                Region = index % 3 == 0 ? "eu" : "us",
                Clearance = index % 5 == 0 ? "public" : "secret",
            };
            outcomes[$"m{index}"] = ModelOutcomes.None
                .With(PromptDomain.Operations, new OutcomeCount(index % 50, 50))
                .With(PromptDomain.Code, new OutcomeCount(25, 50));
        }

        var quality = new DomainQuality(classifier, QualityCatalog.Load());
        quality.Observe(outcomes.ToImmutable());
        var router = new Router(providers, quality: quality);
        var request = new RouteRequest(
            new RouteDefinition { Name = "r", Targets = targets, Objective = RouteObjective.CheapestCapable, Regions = ["eu", "us"] }, prompt)
        {
            Budget = 1,
        };
        return Best(() => router.Resolve(request).Domains ?? throw new InvalidOperationException("The prompt was not looked at."));
    }

    // The first parts warm the compiler up; a neighbour's noise only ever adds.
    private static double Best(Func<object> once)
    {
        var best = double.MaxValue;
        for (var part = 0; part < Parts; part++)
        {
            var started = Stopwatch.GetTimestamp();
            for (var round = 0; round < Rounds; round++)
            {
                once();
            }

            best = Math.Min(best, Stopwatch.GetElapsedTime(started).TotalMicroseconds / Rounds);
        }

        return best;
    }
}
