using AgentOps.Simulation.Models;
using AgentOps.Simulation.Serving;
using AgentOps.Simulation.Workloads;

namespace AgentOps.Simulation.Tests;

/// <summary>Small models, devices and loads to test with.</summary>
internal static class Given
{
    public static ModelSpec Dense { get; } = new()
    {
        Name = "dense",
        Family = "test",
        Layers = 32,
        HiddenSize = 4096,
        Heads = 32,
        KeyValueHeads = 8,
        HeadSize = 128,
        IntermediateSize = 14336,
        VocabularySize = 128256,
        MaximumContext = 131072,
    };

    public static ModelSpec Mixture { get; } = Dense with { Name = "mixture", Experts = new ExpertSpec(16, 2, 1, 4096, 4096) };

    public static ModelSpec Windowed { get; } = Dense with { Name = "windowed", AttentionWindow = 100, WindowedLayers = 16 };

    public static AcceleratorSpec Device { get; } = new()
    {
        Name = "device",
        MemoryBytes = 80e9,
        MemoryBandwidth = 3350e9,
        HalfFlops = 989e12,
        Float8Flops = 1979e12,
        LinkBandwidth = 450e9,
        PowerWatts = 700,
        IdleWatts = 75,
        PricePerHour = 4m,
    };

    public static Deployment Deployed(ModelSpec? model = null, AcceleratorSpec? device = null) =>
        new() { Model = model ?? Dense, Accelerator = device ?? Device };

    public static RequestSet Load(int requests = 200, double rate = 10, int prompt = 300, int output = 60, ulong seed = 1) =>
        WorkloadGenerator.Generate(new WorkloadOptions
        {
            Stages = [new LoadStage(TimeSpan.Zero, rate)],
            Requests = requests,
            Prompt = new LengthDistribution { Kind = LengthKind.Normal, Mean = prompt, Deviation = prompt / 2.0 },
            Output = new LengthDistribution { Kind = LengthKind.Normal, Mean = output, Deviation = output / 2.0 },
            Seed = seed,
        });

    public static Scenario Scenario(RequestSet load, SchedulerOptions? scheduler = null, Deployment? deployment = null) =>
        new() { Deployment = deployment ?? Deployed(), Requests = load, Scheduler = scheduler ?? new SchedulerOptions() };
}
