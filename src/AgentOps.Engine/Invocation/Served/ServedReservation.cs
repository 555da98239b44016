using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Serialization;
using AgentOps.Engine.Sessions;

namespace AgentOps.Engine.Invocation;

/// <summary>A client's model call that is under way, as its intent in the ledger tells it: what it has set aside, and which server answers for it.</summary>
/// <param name="Id">The id of what it reserved.</param>
/// <param name="Session">The session that it belongs to.</param>
/// <param name="Reserved">What is set aside for it, in USD.</param>
/// <param name="Expires">When it has ended for certain, UTC: a server ends it earlier.</param>
/// <param name="Server">The process that answers it.</param>
public sealed record ServedReservation(string Id, string Session, decimal Reserved, DateTimeOffset Expires, SessionRunner Server)
{
    /// <summary>The route.</summary>
    public string? Route { get; init; }

    /// <summary>The provider that it goes to first.</summary>
    public string? Provider { get; init; }

    /// <summary>The model that it goes to first.</summary>
    public string? Model { get; init; }

    /// <summary>What a call's intent holds of this, beside what every intent does.</summary>
    internal static JsonObject Write(JsonObject intent, string id, DateTimeOffset expires, SessionRunner server) => intent
        .With("reservation", id)
        .With("expires", expires.ToUnixTimeMilliseconds())
        .With("runner", server.ToJson());

    /// <summary>Reads an intent; null where it is none of a client's call, or of a version that told no reservations.</summary>
    internal static ServedReservation? Of(LedgerRecord intent) =>
        intent.Session is { } session && intent.Data.Text("purpose") == ServedAccount.Purpose && intent.Data.Text("reservation") is { } id
            ? Read(intent.Data, id, session, intent.Actor.Host)
            : null;

    /// <summary>For snapshots.</summary>
    internal JsonObject ToJson() => Write(new JsonObject(), Id, Expires, Server)
        .With("session", Session)
        .With("reserved", (decimal?)Reserved)
        .With("route", Route)
        .With("provider", Provider)
        .With("model", Model);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    internal static ServedReservation FromJson(JsonElement element) => Read(element, element.RequiredText("reservation"), element.RequiredText("session"), string.Empty);

    private static ServedReservation Read(JsonElement data, string id, string session, string host) =>
        new(id, session, data.Amount("reserved") ?? 0, DateTimeOffset.FromUnixTimeMilliseconds(data.Integer("expires") ?? 0), SessionRunner.FromJson(data, host))
        {
            Route = data.Text("route"),
            Provider = data.Text("provider"),
            Model = data.Text("model"),
        };
}
