using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Configuration;
using AgentOps.Engine.Ledger;

namespace AgentOps.Engine.Permissions;

/// <summary>The events of limits, and their JSON.</summary>
public static class LimitEvents
{
    /// <summary>Something was reserved.</summary>
    public const string Reserved = "limit.reserved";

    /// <summary>A reservation was used, wholly or to an amount.</summary>
    public const string Committed = "limit.committed";

    /// <summary>A reservation was given back.</summary>
    public const string Released = "limit.released";

    /// <summary>The version of all three.</summary>
    public const int Version = 1;

    /// <summary>Whether an event is one of these.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="version">Its version.</param>
    public static bool Knows(string type, int version) => version == Version && type is Reserved or Committed or Released;

    internal static NewEvent MakeReserved(LimitReservation reservation) => new(Reserved, Version, Write(reservation));

    internal static NewEvent MakeCommitted(string id, decimal? cost)
    {
        var data = new JsonObject { ["id"] = id };
        if (cost is { } used)
        {
            data["cost"] = YamlNumbers.Spell(used);
        }

        return new NewEvent(Committed, Version, data);
    }

    internal static NewEvent MakeReleased(string id, string reason) => new(Released, Version, new JsonObject { ["id"] = id, ["reason"] = reason });

    internal static JsonObject Write(LimitReservation reservation) => new()
    {
        ["id"] = reservation.Id,
        ["reserved"] = YamlNumbers.Spell(reservation.Reserved),
        ["expires"] = YamlNumbers.Spell(reservation.Expires),
        ["demands"] = new JsonArray([.. reservation.Demands.Select(Write)]),
    };

    internal static LimitReservation Read(JsonElement data) => new(
        data.GetProperty("id").GetString()!,
        Time(data.GetProperty("reserved")),
        Time(data.GetProperty("expires")),
        [.. data.GetProperty("demands").EnumerateArray().Select(ReadDemand)]);

    internal static DateTimeOffset Time(JsonElement element) =>
        YamlNumbers.TryTime(element.GetString()!, out var time) ? time : throw new FormatException("A time is malformed.");

    internal static decimal Amount(JsonElement element) =>
        YamlNumbers.TryDecimal(element.GetString()!, out var amount) ? amount : throw new FormatException("A decimal is malformed.");

    /// <summary>A window travels as ticks, in text.</summary>
    internal static TimeSpan? Window(JsonElement element) => element.TryGetProperty("window", out var window)
        ? TimeSpan.FromTicks(long.Parse(window.GetString()!, NumberStyles.None, CultureInfo.InvariantCulture))
        : null;

    internal static JsonObject WithWindow(JsonObject json, TimeSpan? window)
    {
        if (window is { } span)
        {
            json["window"] = span.Ticks.ToString(CultureInfo.InvariantCulture);
        }

        return json;
    }

    private static JsonObject Write(LimitDemand demand) => WithWindow(
        new JsonObject
        {
            ["key"] = demand.Key,
            ["amount"] = YamlNumbers.Spell(demand.Amount),
            ["max"] = YamlNumbers.Spell(demand.Max),
            ["label"] = demand.Label,
            ["isCost"] = demand.IsCost,
        }, demand.Window);

    private static LimitDemand ReadDemand(JsonElement element) => new(
        element.GetProperty("key").GetString()!,
        Amount(element.GetProperty("amount")),
        Amount(element.GetProperty("max")),
        Window(element),
        element.GetProperty("label").GetString()!,
        element.GetProperty("isCost").GetBoolean());
}
