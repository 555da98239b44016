namespace AgentOps.Engine.Providers;

/// <summary>The end of an answer.</summary>
/// <param name="Reason">Why it ended.</param>
/// <param name="Usage">The tokens used.</param>
/// <param name="Model">The model that answered, as the provider names it.</param>
/// <param name="ResponseId">The provider's id of the response, for its support desk.</param>
public sealed record ModelCompleted(StopReason Reason, Usage Usage, string Model, string? ResponseId) : ModelEvent;
