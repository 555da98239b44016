using AgentOps.Engine.Benchmarks.Drift;
using AgentOps.Engine.Benchmarks.Endpoints;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Tests.Providers;
using static AgentOps.Engine.Tests.Providers.ProviderTesting;

namespace AgentOps.Engine.Tests.Benchmarks;

public sealed class EndpointBenchmarkTests
{
    private const string Story = """{"steps": [{"say": "one two three", "repeat": true, "usage": {"input": 3, "output": 9, "reasoning": 2}}]}""";

    private static EndpointLoad Quick(int calls = 12, LoadKind kind = LoadKind.Open) =>
        new() { Kind = kind, Calls = calls, RequestRate = 500, Slots = 4, WarmUpCalls = 1, Concurrency = 2, Prompts = ["a", "b"] };

    private static async Task<List<CallSample>> RunAsync(EndpointLoad load, IReadOnlyCollection<CallSample>? done, params EndpointTarget[] targets)
    {
        var samples = new List<CallSample>();
        await foreach (var sample in new EndpointBenchmark(targets, load).RunAsync(done ?? [], CancellationToken.None))
        {
            samples.Add(sample);
        }

        return samples;
    }

    [Theory]
    [InlineData(LoadKind.Open)]
    [InlineData(LoadKind.Closed)]
    public async Task Every_planned_call_is_measured_once_for_each_target(LoadKind kind)
    {
        var load = Quick(kind: kind) with { Questions = 3 };
        var samples = await RunAsync(load, null, new EndpointTarget("one", Simulated(Story), "m"), new EndpointTarget("two", Simulated(Story), "m"));
        foreach (var target in samples.GroupBy(sample => sample.Target))
        {
            Assert.Equal(Enumerable.Range(0, 12), target.Where(sample => sample.Phase == CallPhase.Measured).Select(sample => sample.Index).Order());
            Assert.Equal([3, 3, 3, 3], target.Where(sample => sample.Phase == CallPhase.Measured).GroupBy(sample => sample.Slot).Select(slot => slot.Count()));
            Assert.Single(target, sample => sample.Phase == CallPhase.Cold);
            Assert.Equal([false, false, false], target.Where(sample => sample.Phase == CallPhase.Question).Select(sample => sample.IsCorrect!.Value));
        }

        var measured = samples.First(sample => sample.Phase == CallPhase.Measured);
        Assert.True(measured.FirstDelta <= measured.EndToEnd && measured.FirstText == measured.FirstDelta);
        Assert.Equal((9, 2, 7), (measured.Usage.OutputTokens, measured.Usage.ReasoningTokens, measured.StreamedTokens));
    }

    [Theory]
    [InlineData("rate-limit", CallError.RateLimit)]
    [InlineData("server-error", CallError.Server)]
    [InlineData("overloaded", CallError.Server)]
    [InlineData("content-filter", CallError.Filter)]
    [InlineData("torn-stream", CallError.Malformed)]
    public async Task Failures_are_samples_of_their_class(string fault, CallError expected)
    {
        var failing = Simulated($$"""{"faultRate": 1, "faults": ["{{fault}}"], "steps": [{"say": "one two three four", "repeat": true}]}""");
        var samples = await RunAsync(Quick(4), null, new EndpointTarget("bad", failing, "m"));
        Assert.All(samples, sample => Assert.Equal(expected, sample.Error));
        var summary = TargetSummary.Of(["bad"], samples, ServiceObjective.None, TimeSpan.FromSeconds(1))[0];
        Assert.Equal((4, 4, 0, 0.0), (summary.Calls, summary.Failures, summary.GoodCalls, summary.Goodput));
        Assert.Equal(4, summary.Errors[expected]);
        Assert.Null(summary.EndToEnd);
    }

    [Fact]
    public async Task Headers_are_timed_over_HTTP_and_a_refusal_ends_the_run()
    {
        const string delta = """{"choices":[{"index":0,"delta":{"content":"hi"},"finish_reason":null}]}""";
        const string end = """{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""";
        using var factory = Factory();
        using var server = new LoopbackServer(LoopbackServer.Data(delta, end, "[DONE]"));
        var target = new EndpointTarget("http", factory.Create(Over("openai", server.Uri)), "m");
        var samples = await RunAsync(Quick(4), null, target);
        Assert.All(samples, sample => Assert.True(sample.Error is null && sample.Headers <= sample.FirstDelta, sample.Detail));

        using var refusing = new LoopbackServer(LoopbackServer.Answer(401, """{"error":{"message":"Bad key."}}"""));
        var refused = new EndpointTarget("http", factory.Create(Over("openai", refusing.Uri)), "m");
        var error = await Assert.ThrowsAsync<AgentOpsException>(() => RunAsync(Quick(4), null, refused));
        Assert.Equal(ErrorCodes.BenchmarkTargetRefused, error.Code);
        Assert.Single(refusing.Requests);
    }

    [Fact]
    public async Task A_run_that_broke_off_goes_on_where_it_was()
    {
        var path = Path.GetTempFileName();
        try
        {
            var load = Quick();
            var target = new EndpointTarget("one", Simulated(Story), "m");
            var all = await RunAsync(load, null, target);
            using (var file = SampleFile.Create(path, overwrite: true, load, ["one"]))
            {
                foreach (var sample in all.Take(8))
                {
                    file.Add(sample);
                }
            }

            // The machine stopped within a line.
            File.AppendAllText(path, """{"target":"one","pha""");
            Assert.Equal(ErrorCodes.BenchmarkSamplesInvalid, Assert.Throws<AgentOpsException>(() => SampleFile.Create(path, overwrite: false, load, ["one"])).Code);
            Assert.Equal(ErrorCodes.BenchmarkSamplesInvalid, Assert.Throws<AgentOpsException>(() => SampleFile.Resume(path, load with { Seed = 1 }, ["one"])).Code);
            using (var file = SampleFile.Resume(path, load, ["one"]))
            {
                Assert.Equal(8, file.Samples.Count);
                foreach (var sample in await RunAsync(load, file.Samples, target))
                {
                    file.Add(sample);
                }
            }

            var measured = SampleFile.ReadSamples(path).Where(sample => sample.Phase == CallPhase.Measured).ToArray();
            Assert.Equal(Enumerable.Range(0, 12), measured.Select(sample => sample.Index).Order());
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_sample_comes_back_from_its_line()
    {
        var sample = new CallSample
        {
            Target = "a/b",
            Phase = CallPhase.Question,
            Index = 3,
            Slot = 1,
            Intended = 1.5,
            SendLag = 0.0001,
            Headers = 0.01,
            FirstDelta = 0.02,
            FirstText = 0.03,
            EndToEnd = 0.5,
            Gaps = [0.01, 0.02],
            Usage = new(5, 6, ReasoningTokens: 2),
            HasReasoningDeltas = true,
            Cost = 0.0012m,
            Error = CallError.Timeout,
            Detail = "slow",
            IsCorrect = false,
        };
        var back = CallSample.FromJson(ParseJson(sample.ToJson().ToJsonString()));
        Assert.Equal(sample with { Gaps = [] }, back with { Gaps = [] });
        Assert.Equal(sample.Gaps, back.Gaps);
    }

    [Fact]
    public void Arrivals_have_the_rate_and_the_variation_asked_for()
    {
        foreach (var burstiness in new[] { 0.5, 1.0, 3.0 })
        {
            var load = new EndpointLoad { Calls = 20_000, Slots = 10, RequestRate = 50, Burstiness = burstiness };
            var plan = CallPlan.Make(2, load);
            Assert.Equal(plan.Select(call => (call.Target, call.Index)), CallPlan.Make(2, load).Select(call => (call.Target, call.Index)));
            var due = plan.Where(call => call.Target == 1).Select(call => call.Due).ToArray();
            Assert.InRange(due[^1], 380, 400);
            var gaps = due.Zip(due.Skip(1), (from, to) => to - from).ToArray();
            var deviation = Math.Sqrt(gaps.Average(gap => Math.Pow(gap - gaps.Average(), 2)));
            Assert.InRange(deviation / gaps.Average(), burstiness * 0.9, burstiness * 1.1);
        }
    }

    [Fact]
    public void A_metric_is_what_its_definition_says()
    {
        var samples = Enumerable.Range(0, 1000).Select(index => new CallSample
        {
            Target = "t",
            Phase = CallPhase.Measured,
            Index = index,
            Intended = index * 0.01,
            FirstDelta = 0.1 + (index * 0.0001),
            EndToEnd = 1.1 + (index * 0.0001),
            Usage = new(1, 11),
        }).ToArray();
        var objective = new ServiceObjective(TimeSpan.FromMilliseconds(149.95), TimeSpan.FromMilliseconds(101), null);
        var summary = TargetSummary.Of(["t"], samples, objective, TimeSpan.FromSeconds(20))[0];
        Assert.Equal((500, 25.0), (summary.GoodCalls, summary.Goodput));
        Assert.Equal(0.1, summary.TimePerOutputToken!.P50, 1e-9);
        Assert.Equal(11, summary.TokensPerSecond!.P50, 1e-9);
        Assert.Equal(0.1989, summary.FirstDelta!.P99!.Value, 1e-9);
        Assert.Null(TargetSummary.Of(["t"], samples[..999], objective, TimeSpan.Zero)[0].FirstDelta!.P99);
    }

    [Theory]
    [InlineData("6 times 7.\nANSWER: 42", "42", true)]
    [InlineData("answer: **1,042**.", "1042", true)]
    [InlineData("ANSWER: 41\nNo: ANSWER: 42", "42", true)]
    [InlineData("42", "42", false)]
    [InlineData("ANSWER: 420", "42", false)]
    [InlineData("", "42", false)]
    public void An_answer_is_read_from_its_last_marked_line(string text, string answer, bool expected) =>
        Assert.Equal(expected, DriftQuestions.IsCorrect(text, answer));

    [Fact]
    public void Questions_are_the_same_for_a_seed_and_their_answers_right()
    {
        var questions = DriftQuestions.Make(60, 7);
        Assert.Equal(questions, DriftQuestions.Make(60, 7));
        Assert.NotEqual(questions, DriftQuestions.Make(60, 8));
        foreach (var question in questions.Where(question => question.Prompt.Contains(" times ", StringComparison.Ordinal) && question.Prompt.StartsWith("What is", StringComparison.Ordinal)))
        {
            var words = question.Prompt.Replace("?", string.Empty, StringComparison.Ordinal).Split(' ');
            Assert.Equal(Number(question.Answer), Number(words[2]) * Number(words[4]));
        }

        static int Number(string text) => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public void A_cloud_that_answers_worse_is_seen()
    {
        CallSample[] Answers(string target, int wrong) => [.. Enumerable.Range(0, 30).Select(index => new CallSample
        {
            Target = target,
            Phase = CallPhase.Question,
            Index = index,
            IsCorrect = index >= wrong,
        })];
        var drift = AnswerDrift.Between(["a", "same", "worse"], [.. Answers("a", 2), .. Answers("same", 4), .. Answers("worse", 14)]);
        Assert.Equal([false, true], drift.Select(one => one.IsDrift));
        Assert.Equal(("worse", 16, 30, "a"), (drift[1].Target, drift[1].Correct, drift[1].Asked, drift[1].Reference));
        Assert.True(AnswerDrift.Since("a", (28, 30), (14, 30)).IsDrift);
        Assert.False(AnswerDrift.Since("a", (14, 30), (28, 30)).IsDrift);
    }

    [Fact]
    public void A_load_that_makes_no_sense_is_refused_before_a_call()
    {
        foreach (var load in new[] { Quick(0), Quick(3), Quick() with { RequestRate = 0 }, Quick() with { Burstiness = double.NaN }, Quick() with { Prompts = [] }, Quick() with { Concurrency = 0 } })
        {
            var error = Assert.Throws<AgentOpsException>(() => new EndpointBenchmark([new EndpointTarget("one", Simulated(Story), "m")], load));
            Assert.Equal(ErrorCodes.BenchmarkInvalid, error.Code);
        }
    }
}
