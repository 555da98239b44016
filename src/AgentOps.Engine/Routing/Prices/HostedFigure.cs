namespace AgentOps.Engine.Routing;

/// <summary>One figure of a hosted model, and where it is from.</summary>
/// <param name="Name">Its name in the catalog, for example <c>cached-input</c>; <c>long-</c> of calls with a long prompt.</param>
/// <param name="Value">US dollars for a million tokens, a share (<c>batch</c>) or tokens (<c>context</c>, <c>long-above</c>).</param>
/// <param name="Source">The page that it is from, or is to be compared with.</param>
/// <param name="Date">As of when it holds.</param>
/// <param name="IsConfirmed">It was seen on the vendor's own page.</param>
public sealed record HostedFigure(string Name, decimal Value, string Source, DateOnly Date, bool IsConfirmed);
