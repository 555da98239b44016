namespace AgentOps.Engine.Providers;

/// <summary>The result of one request of a batch.</summary>
/// <param name="Id">The request's name within the batch.</param>
/// <param name="Outcome">What became of it.</param>
public sealed record BatchItemResult(string Id, BatchOutcome Outcome)
{
    /// <summary>The answer; null without one.</summary>
    public Message? Message { get; init; }

    /// <summary>Why the answer ended, and what it used; null without one.</summary>
    public ModelCompleted? Completion { get; init; }

    /// <summary>Why there is no answer; null with one.</summary>
    public ProviderFault? Fault { get; init; }

    internal static BatchItemResult Of(string id, IEnumerable<ModelEvent> events)
    {
        var message = new AssistantMessageBuilder();
        foreach (var modelEvent in events)
        {
            message.Add(modelEvent);
        }

        return new BatchItemResult(id, BatchOutcome.Answered) { Message = message.Build(), Completion = message.Completed };
    }

    internal static BatchItemResult Without(string id, BatchOutcome outcome, string why) =>
        new(id, outcome) { Fault = new ProviderFault(FaultKind.ServerError, "", why) };
}
