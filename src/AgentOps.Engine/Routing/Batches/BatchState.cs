using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Serialization;
using AgentOps.Engine.Providers;

namespace AgentOps.Engine.Routing;

/// <summary>Prompts that were handed to a provider's batch interface, as the ledger tells of them.</summary>
public sealed record BatchState
{
    /// <summary>Our id.</summary>
    public required string Id { get; init; }

    /// <summary>How it stands.</summary>
    public required BatchStatus Status { get; init; }

    /// <summary>The route that chose the target.</summary>
    public required string Route { get; init; }

    /// <summary>The one target of all its prompts, with the price that is charged: a batch's.</summary>
    public required RouteTarget Target { get; init; }

    /// <summary>The provider's id of it; null before it was taken.</summary>
    public string? VendorId { get; init; }

    /// <summary>Prompts in it.</summary>
    public required int Count { get; init; }

    /// <summary>The prompts, a payload's reference.</summary>
    public required string Prompts { get; init; }

    /// <summary>The results, a payload's reference; null before they were collected.</summary>
    public string? Results { get; init; }

    /// <summary>What its work is booked under.</summary>
    public string? Task { get; init; }

    /// <summary>What it is expected to cost in US dollars; null where there is no price.</summary>
    public decimal? Expected { get; init; }

    /// <summary>The same as long as it may still come to that: until it is collected or refused.</summary>
    public decimal? Reserved => Status is BatchStatus.Refused or BatchStatus.Collected ? null : Expected;

    /// <summary>What it cost in US dollars; 0 before it was collected.</summary>
    public decimal Cost { get; init; }

    /// <summary>Prompts that were answered; 0 before it was collected.</summary>
    public int Answered { get; init; }

    /// <summary>Why it was not taken, or why that is unknown.</summary>
    public string? Reason { get; init; }

    /// <summary>When it was handed over, UTC.</summary>
    public required DateTimeOffset Submitted { get; init; }

    /// <summary>When it was collected, UTC.</summary>
    public DateTimeOffset? Collected { get; init; }

    internal JsonObject ToJson() => new JsonObject()
        .With("id", Id)
        .With("status", Status.ToString())
        .With("route", Route)
        .With("target", Target.ToJson())
        .With("vendorId", VendorId)
        .With("count", Count)
        .With("prompts", Prompts)
        .With("results", Results)
        .With("task", Task)
        .With("expected", Expected)
        .With("cost", (decimal?)Cost)
        .With("answered", Answered)
        .With("reason", Reason)
        .With("submitted", Submitted.UtcTicks)
        .With("collected", Collected?.UtcTicks);

    internal static BatchState FromJson(JsonElement element) => new()
    {
        Id = element.RequiredText("id"),
        Status = element.RequiredEnum<BatchStatus>("status"),
        Route = element.RequiredText("route"),
        Target = RouteTarget.FromJson(element.GetProperty("target")),
        VendorId = element.Text("vendorId"),
        Count = (int)(element.Integer("count") ?? 0),
        Prompts = element.RequiredText("prompts"),
        Results = element.Text("results"),
        Task = element.Text("task"),
        Expected = element.Amount("expected"),
        Cost = element.Amount("cost") ?? 0,
        Answered = (int)(element.Integer("answered") ?? 0),
        Reason = element.Text("reason"),
        Submitted = new DateTimeOffset(element.Integer("submitted") ?? 0, TimeSpan.Zero),
        Collected = element.Integer("collected") is { } ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null,
    };
}
