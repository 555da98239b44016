using AgentOps.Simulation.Workloads;

namespace AgentOps.Simulation.Tests.Serving;

public class MonotoneLoadTests
{
    public static TheoryData<string> Loads => ["chat", "prefixes", "turns", "bursts"];

    [Theory]
    [MemberData(nameof(Loads))]
    public void Twice_the_bandwidth_or_half_the_load_lowers_the_mean_latency(string name)
    {
        var usual = Mean(name, 1, 1);
        Assert.True(Mean(name, 1, 2) < usual, "Twice the bandwidth.");
        Assert.True(Mean(name, 0.5, 1) < usual, "Half the load.");
    }

    private static double Mean(string name, double load, double bandwidth)
    {
        var device = Given.Device with { MemoryBandwidth = Given.Device.MemoryBandwidth * bandwidth };
        return Simulator.Run(Given.Scenario(Load(name, load), deployment: Given.Deployed(device: device))).EndToEnd.Mean;
    }

    private static RequestSet Load(string name, double factor)
    {
        var options = new WorkloadOptions { Stages = [new LoadStage(TimeSpan.Zero, 8 * factor)], Requests = 2000 };
        return WorkloadGenerator.Generate(name switch
        {
            "prefixes" => options with { Prefixes = new SharedPrefixes(10, 10, 100, 500, RepeatsQuestions: true) },
            "turns" => options with { Requests = 500, Prefixes = new SharedPrefixes(4, 1, 200, 300, 4, Pause: TimeSpan.FromSeconds(5)) },
            "bursts" => options with { Arrivals = ArrivalProcess.Gamma, Burstiness = 3 },
            _ => options,
        });
    }
}
