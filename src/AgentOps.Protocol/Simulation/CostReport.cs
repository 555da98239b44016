namespace AgentOps.Protocol.Simulation;

/// <summary>What a deployment costs, in US dollars.</summary>
/// <param name="PerHour">All devices, an hour.</param>
/// <param name="Total">For the whole run.</param>
/// <param name="PerMillionInput">A million prompt tokens.</param>
/// <param name="PerMillionOutput">A million answer tokens.</param>
/// <param name="PerRequest">An answered request.</param>
/// <param name="PerTask">A completed task: so many requests, and the failed ones shared out.</param>
/// <param name="CreditHours">Hours that the prepaid credit lasts at this load; null without one.</param>
/// <param name="PriceSource">Where the price comes from.</param>
public sealed record CostReport(decimal PerHour, decimal Total, decimal PerMillionInput, decimal PerMillionOutput, decimal PerRequest, decimal? PerTask, double? CreditHours, string PriceSource);
