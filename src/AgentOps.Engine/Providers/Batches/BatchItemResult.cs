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

    /// <summary>The result that an answer is: a fault in it is the fault of this request alone.</summary>
    /// <param name="id">The request's name within the batch.</param>
    /// <param name="read">Reads the answer.</param>
    internal static BatchItemResult Of(string id, Func<IEnumerable<ModelEvent>> read)
    {
        try
        {
            var message = new AssistantMessageBuilder();
            foreach (var modelEvent in read())
            {
                message.Add(modelEvent);
            }

            return new BatchItemResult(id, BatchOutcome.Answered) { Message = message.Build(), Completion = message.Completed };
        }
        catch (ProviderFaultException exception)
        {
            return new BatchItemResult(id, BatchOutcome.Failed) { Fault = exception.Fault };
        }
    }

    internal static BatchItemResult Without(string id, BatchOutcome outcome, string why) =>
        new(id, outcome) { Fault = new ProviderFault(FaultKind.ServerError, "", why) };
}
