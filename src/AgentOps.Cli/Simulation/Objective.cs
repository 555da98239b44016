using AgentOps.Protocol.Simulation;
using AgentOps.Simulation;
using AgentOps.Simulation.Numerics;
using AgentOps.Simulation.Results;

namespace AgentOps.Cli.Simulation;

/// <summary>How well a promise was kept.</summary>
/// <param name="Share">Share of requests that kept it; refused ones did not.</param>
/// <param name="Met">Whether enough did.</param>
/// <param name="GoodputPerSecond">Requests a second that kept it.</param>
internal sealed record Objective(double Share, bool Met, double GoodputPerSecond)
{
    public static Objective Measure(ObjectiveRequest promise, SimulationOutcome outcome, SimulationResult result)
    {
        if (promise.Share is not (> 0 and <= 1))
        {
            throw new SimulationInputException("objective.share", "The share of requests that must keep the promise is not within 0 and 1.", "Give a share such as 0.99.");
        }

        var good = outcome.CountWithin(Limit(promise.TtftMilliseconds), Limit(promise.TpotMilliseconds), Limit(promise.E2eMilliseconds));
        var all = result.Completed + result.Refused;
        var share = all > 0 ? good / (double)all : 0;
        var seconds = result.Duration.TotalSeconds;
        return new Objective(share, share >= promise.Share, seconds > 0 ? good / seconds : 0);
    }

    private static long Limit(double? milliseconds) => milliseconds is { } value
        ? (long)(Math.Min(value, 1e9) * SimulationTime.Millisecond)
        : long.MaxValue;
}
