namespace AgentOps.Engine.Providers;

/// <summary>One request of a batch.</summary>
/// <param name="Id">Names it within the batch: letters, digits and <c>-</c>, at most 40.</param>
/// <param name="Request">The call; never streamed.</param>
public sealed record BatchItem(string Id, ModelRequest Request);
