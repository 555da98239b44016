using AgentOps.Engine.Routing;

namespace AgentOps.Output;

/// <summary>Prompts that were handed to a provider's batch interface.</summary>
public sealed record Batch
{
    /// <summary>The id.</summary>
    public required string Id { get; init; }

    /// <summary><c>Submitting</c>, <c>Unknown</c>, <c>Running</c>, <c>Stopping</c>, <c>Refused</c> or <c>Collected</c>, as the ledger knows it.</summary>
    public required string State { get; init; }

    /// <summary>The route that chose the target.</summary>
    public required string Route { get; init; }

    /// <summary>The target, as <c>provider/model</c>.</summary>
    public required string Target { get; init; }

    /// <summary>The provider's id of it; null before it was taken.</summary>
    public string? ProviderId { get; init; }

    /// <summary>Prompts in it.</summary>
    public required int Count { get; init; }

    /// <summary>Prompts that were answered; 0 before it was collected.</summary>
    public required int Answered { get; init; }

    /// <summary>What it is expected to cost in USD, set aside until it is collected; null where there is no price.</summary>
    public decimal? Reserved { get; init; }

    /// <summary>What it cost in USD; 0 before it was collected.</summary>
    public required decimal Cost { get; init; }

    /// <summary>What its work is booked under.</summary>
    public string? Task { get; init; }

    /// <summary>Why the provider did not take it, or why that is unknown.</summary>
    public string? Reason { get; init; }

    /// <summary>When it was handed over, UTC.</summary>
    public required DateTimeOffset Submitted { get; init; }

    /// <summary>When it was collected, UTC.</summary>
    public DateTimeOffset? Collected { get; init; }

    /// <summary>The id, so that the object serves where one is asked for.</summary>
    public override string ToString() => Id;

    internal static Batch From(BatchState batch) => new()
    {
        Id = batch.Id,
        State = batch.Status.ToString(),
        Route = batch.Route,
        Target = batch.Target.ToString(),
        ProviderId = batch.VendorId,
        Count = batch.Count,
        Answered = batch.Answered,
        Reserved = batch.Reserved,
        Cost = batch.Cost,
        Task = batch.Task,
        Reason = batch.Reason,
        Submitted = batch.Submitted,
        Collected = batch.Collected,
    };
}
