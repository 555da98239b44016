using AgentOps.Protocol.Simulation;
using AgentOps.Simulation;
using AgentOps.Simulation.Optimization;

namespace AgentOps.Cli.Simulation;

/// <summary>Reads a promise from a request.</summary>
internal static class Objective
{
    public static ServiceObjective Of(ObjectiveRequest promise) => promise.Share is > 0 and <= 1
        ? new ServiceObjective
        {
            FirstToken = Limit("objective.ttftMilliseconds", promise.TtftMilliseconds),
            PerToken = Limit("objective.tpotMilliseconds", promise.TpotMilliseconds),
            EndToEnd = Limit("objective.e2eMilliseconds", promise.E2eMilliseconds),
            Share = promise.Share,
        }
        : throw new SimulationInputException("objective.share", "The share of requests that must keep the promise is not within 0 and 1.", "Give a share such as 0.99.");

    private static TimeSpan? Limit(string target, double? milliseconds) => milliseconds switch
    {
        null => null,
        > 0 and < 1e10 => TimeSpan.FromTicks((long)(milliseconds.Value * TimeSpan.TicksPerMillisecond)),
        _ => throw new SimulationInputException(target, "A limit must be above 0 milliseconds.", "Give a limit above 0."),
    };
}
