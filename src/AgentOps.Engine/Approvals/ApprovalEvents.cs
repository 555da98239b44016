using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Configuration;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Permissions;

namespace AgentOps.Engine.Approvals;

/// <summary>The events of approvals, and their JSON.</summary>
public static class ApprovalEvents
{
    /// <summary>A call waits for persons.</summary>
    public const string Requested = "approval.requested";

    /// <summary>A person answered.</summary>
    public const string Voted = "approval.voted";

    /// <summary>It was used for its one call.</summary>
    public const string Consumed = "approval.consumed";

    /// <summary>What was approved is no longer what would be done.</summary>
    public const string Burned = "approval.burned";

    /// <summary>A notifier was told of a request, or could not be.</summary>
    public const string Notified = "approval.notified";

    /// <summary>The version of all five.</summary>
    public const int Version = 1;

    /// <summary>Whether an event is one of these.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="version">Its version.</param>
    public static bool Knows(string type, int version) => version == Version && type is Requested or Voted or Consumed or Burned or Notified;

    internal static NewEvent MakeRequested(ApprovalRequest request) =>
        new(Requested, Version, Write(request)) { Session = request.Session, Agent = request.Agent, OnBehalfOf = request.OnBehalfOf };

    internal static NewEvent MakeVoted(string id, ApprovalVote vote) => new(Voted, Version, WriteVote(vote, id));

    internal static NewEvent MakeConsumed(string id) => new(Consumed, Version, new JsonObject { ["id"] = id });

    internal static NewEvent MakeBurned(string id, string reason) => new(Burned, Version, new JsonObject { ["id"] = id, ["reason"] = reason });

    internal static NewEvent MakeNotified(ApprovalRequest request, string notifier, string? fault) =>
        new(Notified, Version, new JsonObject { ["id"] = request.Id, ["notifier"] = notifier, ["fault"] = fault }) { Session = request.Session, Agent = request.Agent };

    internal static JsonObject Write(ApprovalRequest request) => new()
    {
        ["id"] = request.Id,
        ["session"] = request.Session,
        ["agent"] = request.Agent,
        ["onBehalfOf"] = request.OnBehalfOf,
        ["requestedBy"] = request.RequestedBy,
        ["resource"] = request.Resource,
        ["form"] = request.Form,
        ["arguments"] = request.Arguments,
        ["digest"] = request.Binding.Digest,
        ["nonce"] = request.Binding.Nonce,
        ["expires"] = YamlNumbers.Spell(request.Binding.Expires),
        ["requested"] = YamlNumbers.Spell(request.Requested),
        ["needs"] = new JsonArray([.. request.Needs.Select(need => new JsonObject
        {
            ["rule"] = need.Rule,
            ["quorum"] = need.Quorum,
            ["from"] = need.From,
            ["notRequester"] = need.NotRequester,
        })]),
    };

    internal static ApprovalRequest Read(JsonElement data) => new()
    {
        Id = Text(data, "id")!,
        Session = Text(data, "session"),
        Agent = Text(data, "agent")!,
        OnBehalfOf = Text(data, "onBehalfOf"),
        RequestedBy = Text(data, "requestedBy")!,
        Resource = Text(data, "resource")!,
        Arguments = Text(data, "arguments")!,
        Form = Text(data, "form"),
        Binding = new ApprovalBinding(Text(data, "digest")!, Text(data, "nonce")!, LimitEvents.Time(data.GetProperty("expires"))),
        Requested = LimitEvents.Time(data.GetProperty("requested")),
        Needs = [.. data.GetProperty("needs").EnumerateArray().Select(need => new ApprovalNeed(
            Text(need, "rule")!, need.GetProperty("quorum").GetInt32(), Text(need, "from"), need.GetProperty("notRequester").GetBoolean()))],
    };

    internal static JsonObject WriteVote(ApprovalVote vote, string? id)
    {
        var json = new JsonObject
        {
            ["person"] = vote.Person,
            ["approves"] = vote.IsApproval,
            ["counts"] = new JsonArray([.. vote.Counts.Select(rule => JsonValue.Create(rule))]),
            ["reason"] = vote.Reason,
            ["answer"] = vote.Answer,
            ["key"] = vote.Key,
            ["signature"] = vote.Signature,
            ["time"] = YamlNumbers.Spell(vote.Time),
        };
        if (id is not null)
        {
            json["id"] = id;
        }

        return json;
    }

    internal static ApprovalVote ReadVote(JsonElement data) => new(
        Text(data, "person")!, data.GetProperty("approves").GetBoolean(),
        [.. data.GetProperty("counts").EnumerateArray().Select(rule => rule.GetString()!)], Text(data, "reason"), LimitEvents.Time(data.GetProperty("time")))
    {
        Answer = Text(data, "answer"),
        Key = Text(data, "key"),
        Signature = Text(data, "signature"),
    };

    private static string? Text(JsonElement data, string name) =>
        data.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
