namespace AgentOps.Simulation.Costs;

/// <summary>Money in US dollars and energy of a run.</summary>
/// <param name="PerHour">All devices, an hour; null where no price is known.</param>
/// <param name="Total">The whole run, from the first arrival to the last answer.</param>
/// <param name="PerMillionInput">A million prompt tokens: the share of time that prompts took.</param>
/// <param name="PerMillionOutput">A million answer tokens: the rest.</param>
/// <param name="PerRequest">An answered request.</param>
/// <param name="WattHours">Energy of the devices.</param>
/// <param name="WattHoursPerMillionTokens">Energy of a million tokens, prompt and answer.</param>
public sealed record CostSummary(
    decimal? PerHour,
    decimal? Total,
    decimal? PerMillionInput,
    decimal? PerMillionOutput,
    decimal? PerRequest,
    double WattHours,
    double WattHoursPerMillionTokens);
