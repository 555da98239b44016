using AgentOps.Simulation.Latency;
using AgentOps.Simulation.Models;
using FsCheck;
using FsCheck.Fluent;

namespace AgentOps.Simulation.Tests.Latency;

public class StepCostTests
{
    private static readonly Gen<Deployment> Deployments =
        from model in Gen.Elements(Given.Dense, Given.Mixture, Given.Windowed)
        from tensor in Gen.Elements(1, 2, 8)
        from pipeline in Gen.Elements(1, 2)
        from data in Gen.Elements(1, 4)
        from expert in Gen.Elements(true, false)
        select Given.Deployed(model) with { TensorParallel = tensor, PipelineParallel = pipeline, DataParallel = data, ExpertParallel = expert };

    private static readonly Gen<(int Decode, int Prompt, int Context)> Shapes =
        from decode in Gen.Choose(0, 200)
        from prompt in Gen.Choose(1, 4000)
        from context in Gen.Choose(0, 500_000)
        select (decode, prompt, context);

    [Fact]
    public void A_step_never_gets_shorter_with_more_tokens_or_more_context()
    {
        var cases = from deployment in Deployments from shape in Shapes from more in Gen.Choose(1, 3) select (deployment, shape, more);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(cases.ToArbitrary(), given =>
        {
            var model = Model(given.deployment);
            var (decode, prompt, context) = given.shape;
            var time = Time(model, decode, prompt, context);
            return time <= Time(model, decode + given.more, prompt, context)
                && time <= Time(model, decode, prompt + given.more, context)
                && time <= Time(model, decode, prompt, context + given.more)
                && model.DecodeBase(decode + 1) <= model.DecodeBase(decode + 1 + given.more);
        }));
    }

    [Fact]
    public void A_step_never_gets_longer_with_more_bandwidth_or_compute()
    {
        var cases = from deployment in Deployments from shape in Shapes from factor in Gen.Elements(1.000001, 1.1, 2.0) select (deployment, shape, factor);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(cases.ToArbitrary(), given =>
        {
            var (decode, prompt, context) = given.shape;
            var device = given.deployment.Accelerator;
            var time = Time(Model(given.deployment), decode, prompt, context);
            AcceleratorSpec[] better =
            [
                device with { MemoryBandwidth = device.MemoryBandwidth * given.factor },
                device with { HalfFlops = device.HalfFlops * given.factor },
                device with { LinkBandwidth = device.LinkBandwidth * given.factor },
            ];
            return better.All(faster => Time(Model(given.deployment with { Accelerator = faster }), decode, prompt, context) <= time);
        }));
    }

    [Fact]
    public void Touched_experts_grow_to_all_of_them()
    {
        var model = Model(Given.Deployed(Given.Mixture));
        Assert.Equal(2, model.DistinctExperts(1), 6);
        Assert.InRange(model.DistinctExperts(4000), 15.9, 16);
    }

    [Fact]
    public void A_batch_between_two_captured_sizes_touches_the_experts_of_the_larger()
    {
        var model = Model(Given.Deployed(Given.Mixture));
        Assert.True(model.DecodeBase(16) - model.DecodeBase(9) < model.DecodeBase(17) - model.DecodeBase(16));
    }

    [Fact]
    public void Narrow_experts_pay_for_the_scaling_of_their_activations_while_prompts_are_computed()
    {
        // Everything else, bandwidth and FLOP/s too, is better in 8 bits.
        var free = new LatencyCoefficients { QuantizedLayerMicroseconds = 0, QuantizedExpertPromptLayerMicroseconds = 0 };
        var deployment = Given.Deployed(Given.Mixture) with { WeightPrecision = Precision.Float8 };
        var prompt = (LatencyCoefficients coefficients) => Time(new StepCostModel(deployment, coefficients, 8192, 256), 0, 2000, 0);
        Assert.True(prompt(free) < prompt(new LatencyCoefficients()));
    }

    [Fact]
    public void Experts_that_attend_to_each_other_cost_time()
    {
        var exchanging = Given.Mixture with { Experts = Given.Mixture.Experts! with { CrossExchange = 4 } };
        Assert.True(Model(Given.Deployed(exchanging) with { TensorParallel = 8 }).DecodeBase(64) > Model(Given.Deployed(Given.Mixture) with { TensorParallel = 8 }).DecodeBase(64));
    }

    private static StepCostModel Model(Deployment deployment) => new(deployment, new LatencyCoefficients(), 8192, 256);

    private static long Time(StepCostModel model, int decode, int prompt, int context) =>
        model.Step(decode, 0, prompt, 1, prompt * (double)prompt, context, Math.Min(context, 100));
}
