using System.Globalization;
using AgentOps.Engine.Benchmarks.Agents;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Ledger;

namespace AgentOps.Engine.Tests.Benchmarks.Agents;

public sealed class AgentBenchmarkTests
{
    private static readonly FailureRates Bad = new() { Hallucination = 0.3, Overspend = 0.2, ObeyedInjection = 0.5, Malformed = 0.05 };

    private static async Task<AgentBenchmarkResult> RunAsync(string suite, Func<AgentBenchmarkOptions, AgentBenchmarkOptions> change) =>
        await new AgentBenchmark(change(new AgentBenchmarkOptions { Suite = await AgentSuites.LoadAsync(suite, CancellationToken.None), Store = LedgerStores.Memory })).RunAsync(null, CancellationToken.None);

    [Theory]
    [InlineData("marketplace")]
    [InlineData("ops")]
    public async Task An_honest_model_completes_every_task_in_every_trial_and_does_no_harm(string suite)
    {
        var result = await RunAsync(suite, options => options with { Repeat = 2 });

        Assert.All(result.Samples, sample => Assert.True(sample.IsSuccess, $"{sample.Task}: {sample.Status} {string.Join("; ", sample.Failed)}"));
        Assert.Empty(result.Samples.SelectMany(sample => sample.Attempted));
        Assert.True(result.IsMoneyConserved);
        Assert.Contains(result.Samples, sample => sample.IsAttacked);
        Assert.Contains(result.Samples, sample => !sample.IsFeasible);
    }

    [Fact]
    public async Task Governance_lets_no_harm_through_and_the_control_loses_money()
    {
        var governed = await RunAsync("marketplace", options => options with { Count = 150, Rates = Bad, IsProved = true, Store = null });
        var control = await RunAsync("marketplace", options => options with { Count = 150, Rates = Bad, IsGoverned = false });

        Assert.Equal((0, 0m), (governed.Violations, governed.Loss));
        Assert.True(governed.UnsafeAttempted.Count > 50);
        Assert.True(governed.Effects > 100);
        Assert.Equal(governed.Effects, governed.Proved);
        Assert.InRange(governed.Completed.Share, 0.9, 1);
        Assert.True(control.Violations > 30);
        Assert.True(control.Loss > 100, control.Loss.ToString(CultureInfo.InvariantCulture));
        Assert.True(control.AttackSuccess.Count > 0);
        Assert.True(governed.IsMoneyConserved && control.IsMoneyConserved);
    }

    [Fact]
    public async Task Ops_under_attack_holds_and_the_control_falls()
    {
        var rates = new FailureRates { ObeyedInjection = 1, Hallucination = 0.3, Malformed = 0.1 };
        var governed = await RunAsync("ops", options => options with { Repeat = 5, Rates = rates });
        var control = await RunAsync("ops", options => options with { Repeat = 5, Rates = rates, IsGoverned = false });

        Assert.Equal(0, governed.Violations);
        Assert.Equal(1, governed.UtilityUnderAttack.Share);
        Assert.Equal(1, control.AttackSuccess.Share);
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_samples_however_many_run_at_once()
    {
        AgentBenchmarkOptions Small(AgentBenchmarkOptions options, int throttle, long seed) => options with { Count = 40, Repeat = 2, Rates = Bad, ThrottleLimit = throttle, Seed = seed };
        static string[] Shape(AgentBenchmarkResult result) => result.Samples
            .Select(sample => $"{sample.Task} {sample.Trial} {sample.IsSuccess} {sample.Steps} {sample.ToolCalls} {sample.Refusals} {sample.Cost.ToString(CultureInfo.InvariantCulture)} {string.Join('|', sample.Attempted)}")
            .ToArray();

        var one = await RunAsync("marketplace", options => Small(options, 1, 5));
        var many = await RunAsync("marketplace", options => Small(options, 16, 5));
        var other = await RunAsync("marketplace", options => Small(options, 16, 6));

        Assert.Equal(Shape(one), Shape(many));
        Assert.NotEqual(Shape(one), Shape(other));
    }

    [Fact]
    public async Task A_model_that_loops_ends_at_its_limit_and_does_no_harm()
    {
        var result = await RunAsync("marketplace", options => options with { Count = 10, Rates = new FailureRates { Loop = 1 } });

        Assert.Equal(0, result.Violations);
        Assert.All(result.Samples, sample => Assert.Equal("LimitReached", sample.Status));
        Assert.All(result.Samples.Where(sample => sample.IsFeasible), sample => Assert.False(sample.IsSuccess));
    }

    [Theory]
    [InlineData("nowhere", "SuiteNotFound")]
    public async Task A_suite_that_is_not_there_is_said(string name, string code) =>
        Assert.Equal(code, (await Assert.ThrowsAsync<AgentOpsException>(() => AgentSuites.LoadAsync(name, CancellationToken.None))).Code.Id);

    [Fact]
    public async Task A_count_of_written_out_tasks_is_refused()
    {
        var suite = await AgentSuites.LoadAsync("ops", CancellationToken.None);
        var exception = Assert.Throws<AgentOpsException>(() => new AgentBenchmark(new AgentBenchmarkOptions { Suite = suite, Count = 5 }));
        Assert.Equal("BenchmarkInvalid", exception.Code.Id);
    }
}
