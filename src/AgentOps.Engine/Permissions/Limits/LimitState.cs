using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Configuration;
using AgentOps.Engine.Ledger;

namespace AgentOps.Engine.Permissions;

/// <summary>
/// What was used of all limits and budgets: a projection of the ledger, immutable. A call reserves before it acts, in
/// the ledger's critical section, and commits or releases afterwards; what is in flight counts as used. Its clock is the
/// ledger's and never goes back, so a window never refills because a machine's clock did.
/// </summary>
public sealed class LimitState
{
    private const int FewLimits = 256;

    private readonly ImmutableDictionary<string, LimitUse> _uses;
    private readonly ImmutableDictionary<string, LimitReservation> _open;
    private readonly DateTimeOffset _newest;

    // How many limits there were when all were last looked through.
    private readonly int _swept;

    private LimitState(ImmutableDictionary<string, LimitUse> uses, ImmutableDictionary<string, LimitReservation> open, DateTimeOffset newest, int swept = 0)
    {
        _uses = uses;
        _open = open;
        _newest = newest;
        _swept = swept;
    }

    /// <summary>Nothing used.</summary>
    public static LimitState Empty { get; } = new(
        ImmutableDictionary.Create<string, LimitUse>(StringComparer.Ordinal), ImmutableDictionary.Create<string, LimitReservation>(StringComparer.Ordinal), DateTimeOffset.MinValue);

    /// <summary>How many limits are kept.</summary>
    internal int Keys => _uses.Count;

    /// <summary>What is in flight.</summary>
    public IEnumerable<LimitReservation> Open => _open.Values;

    /// <summary>Whether a reservation is still in flight. Whoever acts on one that may be late asks again, in the transaction of the intent.</summary>
    /// <param name="id">The reservation.</param>
    public bool IsOpen(string id) => _open.ContainsKey(id);

    /// <summary>What was committed and what is in flight, together, of one limit.</summary>
    /// <param name="key">The key of a demand.</param>
    /// <param name="now">The moment.</param>
    public decimal Used(string key, DateTimeOffset now) => _uses.TryGetValue(key, out var use) ? use.At(Later(now)) : 0;

    /// <summary>What was committed within the window, and what is in flight, of one limit.</summary>
    /// <param name="key">The key of a demand.</param>
    /// <param name="now">The moment.</param>
    public (decimal Committed, decimal Reserved) UseOf(string key, DateTimeOffset now) =>
        _uses.TryGetValue(key, out var use) ? (use.At(Later(now)) - use.Reserved, use.Reserved) : (0, 0);

    /// <summary>The first demand that does not fit, or null when all do. Pure: what <see cref="TryReserve"/> would say.</summary>
    /// <param name="demands">What a call would take.</param>
    /// <param name="now">The moment.</param>
    public LimitDemand? FirstExceeded(IReadOnlyList<LimitDemand> demands, DateTimeOffset now)
    {
        for (var i = 0; i < demands.Count; i++)
        {
            var demand = demands[i];
            var asked = demand.Amount;
            for (var j = 0; j < i; j++)
            {
                asked += demands[j].Key == demand.Key ? demands[j].Amount : 0;
            }

            if (demand.Amount < 0 || Used(demand.Key, now) + asked > demand.Max)
            {
                return demand;
            }
        }

        return null;
    }

    /// <summary>
    /// Reserves, all demands or none. To be called in the ledger's critical section, with the event added to the same
    /// transaction as the intent of the call; when one transaction reserves more than once, each goes on from the state
    /// that the one before gave.
    /// </summary>
    /// <param name="id">The call's own id; never used before.</param>
    /// <param name="demands">What it takes.</param>
    /// <param name="now">The transaction's time.</param>
    /// <param name="lease">How long the call may last before it shows among the stale.</param>
    /// <param name="reserved">The event to add.</param>
    /// <param name="next">The state with it.</param>
    /// <param name="reason">Why not: one sentence, safe to give to the model.</param>
    public bool TryReserve(
        string id, IReadOnlyList<LimitDemand> demands, DateTimeOffset now, TimeSpan lease,
        [NotNullWhen(true)] out NewEvent? reserved, out LimitState next, [NotNullWhen(false)] out string? reason)
    {
        reserved = null;
        next = this;
        if (_open.ContainsKey(id))
        {
            reason = "The same call is in flight already.";
            return false;
        }

        if (FirstExceeded(demands, now) is { } exceeded)
        {
            reason = $"It would pass the limit of {exceeded.Label}.";
            return false;
        }

        var reservation = new LimitReservation(id, Later(now), Later(now) + lease, demands);
        reserved = LimitEvents.MakeReserved(reservation);
        next = Reserve(reservation);
        reason = null;
        return true;
    }

    /// <summary>The event by which a reservation is used; null when there is none of this id, as after it was settled.</summary>
    /// <param name="id">The reservation.</param>
    /// <param name="cost">What it really cost, for its demands on cost; null: what was reserved. The others always use what they reserved.</param>
    public NewEvent? Commit(string id, decimal? cost = null) => _open.ContainsKey(id) ? LimitEvents.MakeCommitted(id, cost) : null;

    /// <summary>The event by which a reservation is given back; null when there is none of this id.</summary>
    /// <param name="id">The reservation.</param>
    /// <param name="reason">Why, for example that the call was never made.</param>
    public NewEvent? Release(string id, string reason) => _open.ContainsKey(id) ? LimitEvents.MakeReleased(id, reason) : null;

    /// <summary>Reservations whose makers are late: most likely they died. They go on counting until they are reconciled.</summary>
    /// <param name="now">The moment.</param>
    public IReadOnlyList<LimitReservation> Stale(DateTimeOffset now) => [.. _open.Values.Where(reservation => reservation.Expires <= Later(now)).OrderBy(reservation => reservation.Id, StringComparer.Ordinal)];

    /// <summary>
    /// The events that settle stale reservations by the evidence of the ledger: committed where the call may have taken
    /// effect, released where it certainly did not.
    /// </summary>
    /// <param name="now">The moment.</param>
    /// <param name="mayHaveHappened">Whether the ledger holds an intent of the call without an outcome that denies it.</param>
    public IReadOnlyList<NewEvent> Reconcile(DateTimeOffset now, Func<LimitReservation, bool> mayHaveHappened) =>
        [.. Stale(now).Select(reservation => mayHaveHappened(reservation)
            ? LimitEvents.MakeCommitted(reservation.Id, null)
            : LimitEvents.MakeReleased(reservation.Id, "its maker ended before the call was made"))];

    /// <summary>The state after a record; the same state for records of other kinds.</summary>
    /// <param name="record">The record.</param>
    public LimitState Apply(LedgerRecord record) => Apply(record.Type, record.Time, record.Data);

    /// <summary>The state after an event.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="time">Its time.</param>
    /// <param name="data">Its data.</param>
    public LimitState Apply(string type, DateTimeOffset time, JsonElement data)
    {
        switch (type)
        {
            case LimitEvents.Reserved:
                return Reserve(LimitEvents.Read(data)).At(time);
            case LimitEvents.Committed:
                decimal? cost = data.TryGetProperty("cost", out var used) ? LimitEvents.Amount(used) : null;
                return Settle(data.GetProperty("id").GetString()!, time, demand => demand.IsCost && cost is { } real ? real : demand.Amount);
            case LimitEvents.Released:
                return Settle(data.GetProperty("id").GetString()!, time, _ => 0);
            default:
                return this;
        }
    }

    /// <summary>For snapshots.</summary>
    public JsonObject ToJson() => new()
    {
        ["newest"] = YamlNumbers.Spell(_newest),
        ["open"] = new JsonArray([.. _open.Values.OrderBy(one => one.Id, StringComparer.Ordinal).Select(LimitEvents.Write)]),
        ["uses"] = new JsonArray([.. Sweep()._uses.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => LimitEvents.WithWindow(
            new JsonObject
            {
                ["key"] = pair.Key,
                ["total"] = YamlNumbers.Spell(pair.Value.Total),
                ["entries"] = new JsonArray([.. pair.Value.Entries.Select(entry => new JsonArray(YamlNumbers.Spell(entry.Time), YamlNumbers.Spell(entry.Amount)))]),
            }, pair.Value.Window))]),
    };

    /// <summary>From a snapshot.</summary>
    /// <param name="json">What <see cref="ToJson"/> gave.</param>
    /// <exception cref="FormatException">It is malformed.</exception>
    public static LimitState FromJson(JsonElement json)
    {
        var uses = Empty._uses.ToBuilder();
        foreach (var use in json.GetProperty("uses").EnumerateArray())
        {
            ImmutableQueue<LimitEntry> entries = [.. use.GetProperty("entries").EnumerateArray().Select(entry => new LimitEntry(LimitEvents.Time(entry[0]), LimitEvents.Amount(entry[1])))];
            uses.Add(use.GetProperty("key").GetString()!, new LimitUse(LimitEvents.Amount(use.GetProperty("total")), 0, LimitEvents.Window(use), entries));
        }

        var state = new LimitState(uses.ToImmutable(), Empty._open, LimitEvents.Time(json.GetProperty("newest")));
        state = json.GetProperty("open").EnumerateArray().Select(LimitEvents.Read).Aggregate(state, (before, reservation) => before.Reserve(reservation));
        return new LimitState(state._uses, state._open, state._newest, state._uses.Count);
    }

    private DateTimeOffset Later(DateTimeOffset now) => now > _newest ? now : _newest;

    private LimitState At(DateTimeOffset time) => new(_uses, _open, Later(time), _swept);

    /// <summary>
    /// The same state without what no window can ask for any more: the clock never goes back. Done when the limits have doubled since
    /// it was last done, which costs each change a constant on average, and before a snapshot.
    /// </summary>
    private LimitState Sweep()
    {
        var uses = _uses.ToBuilder();
        foreach (var (key, use) in _uses)
        {
            var pruned = use.Prune(_newest);
            if (pruned is { Window: not null, Reserved: 0, Entries.IsEmpty: true })
            {
                uses.Remove(key);
            }
            else if (!ReferenceEquals(pruned, use))
            {
                uses[key] = pruned;
            }
        }

        return new LimitState(uses.ToImmutable(), _open, _newest, uses.Count);
    }

    private LimitState Reserve(LimitReservation reservation)
    {
        var uses = _uses;
        foreach (var demand in reservation.Demands)
        {
            uses = uses.SetItem(demand.Key, (uses.GetValueOrDefault(demand.Key) ?? LimitUse.Start(demand.Window)).Reserve(demand.Amount));
        }

        return new LimitState(uses, _open.SetItem(reservation.Id, reservation), _newest, _swept);
    }

    private LimitState Settle(string id, DateTimeOffset time, Func<LimitDemand, decimal> used)
    {
        if (!_open.TryGetValue(id, out var reservation))
        {
            return At(time);
        }

        var now = Later(time);
        var uses = _uses;
        foreach (var demand in reservation.Demands)
        {
            uses = uses.SetItem(demand.Key, (uses.GetValueOrDefault(demand.Key) ?? LimitUse.Start(demand.Window)).Settle(demand.Amount, used(demand), now));
        }

        var settled = new LimitState(uses, _open.Remove(id), now, _swept);
        return uses.Count > FewLimits + (2 * _swept) ? settled.Sweep() : settled;
    }
}
