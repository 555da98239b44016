using AgentOps.Simulation.Results;

namespace AgentOps.Simulation.Costs;

/// <summary>What a run costs in money and energy.</summary>
public static class CostModel
{
    // Mean power of a step relative to the design power, from the power traces of Splitwise (Patel et al., 2024): close to
    // all of it while prompts are computed, about three quarters while answers are decoded.
    private const double PromptPower = 0.95;
    private const double DecodePower = 0.72;

    /// <summary>Works a run's cost out.</summary>
    /// <param name="scenario">The scenario that ran.</param>
    /// <param name="result">What came of it.</param>
    /// <remarks>Under autoscaling only the replicas' own hours are paid for.</remarks>
    /// <param name="pricePerHour">US dollars an hour of one device; null for the accelerator's own.</param>
    public static CostSummary Of(Scenario scenario, SimulationResult result, decimal? pricePerHour = null)
    {
        var devices = scenario.Deployment.Devices * scenario.Replicas;
        var accelerator = scenario.Deployment.Accelerator;
        var hours = result.Duration.TotalHours;
        var deviceHours = result.ReplicaHours * scenario.Deployment.Devices;
        var busy = result.Utilization;
        var load = (PromptPower * result.PromptTimeShare) + (DecodePower * (1 - result.PromptTimeShare));
        var watts = accelerator.IdleWatts + (busy * Math.Max(0, (accelerator.PowerWatts * load) - accelerator.IdleWatts));
        var wattHours = (watts * hours * devices) - (accelerator.IdleWatts * ((hours * devices) - deviceHours));
        var tokens = result.PromptTokens + result.OutputTokens;
        var perMillionTokens = tokens > 0 ? wattHours * 1e6 / tokens : 0;
        if ((pricePerHour ?? accelerator.PricePerHour) is not { } price)
        {
            return new CostSummary(null, null, null, null, null, wattHours, perMillionTokens);
        }

        var perHour = price * devices;
        var total = price * (decimal)deviceHours;
        var input = total * (decimal)result.PromptTimeShare;
        return new CostSummary(
            perHour,
            total,
            result.PromptTokens > 0 ? input * 1_000_000m / result.PromptTokens : 0,
            result.OutputTokens > 0 ? (total - input) * 1_000_000m / result.OutputTokens : 0,
            result.Completed > 0 ? total / result.Completed : 0,
            wattHours,
            perMillionTokens);
    }
}
