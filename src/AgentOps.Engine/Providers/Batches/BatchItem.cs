namespace AgentOps.Engine.Providers;

/// <summary>One request of a batch.</summary>
/// <param name="Id">Names it within the batch: letters, digits, <c>-</c> and <c>_</c>, at most 64.</param>
/// <param name="Request">The call; never streamed.</param>
public sealed record BatchItem(string Id, ModelRequest Request);
