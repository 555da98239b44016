using System.Text.Json;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Permissions;
using FsCheck;
using FsCheck.Fluent;

namespace AgentOps.Engine.Tests.Permissions;

public sealed class LimitStateTests
{
    private static readonly DateTimeOffset Epoch = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);

    private static LimitDemand Demand(decimal amount, decimal max = 10, TimeSpan? window = null, string key = "k", bool cost = false) => new(key, amount, max, window, "rule 'p/l'", cost);

    private static LimitState Apply(LimitState state, NewEvent? change, DateTimeOffset time)
    {
        Assert.NotNull(change);
        Assert.True(LimitEvents.Knows(change.Type, change.Version));
        using var document = JsonDocument.Parse(change.Data.ToJsonString());
        return state.Apply(change.Type, time, document.RootElement);
    }

    private static LimitState Reserve(LimitState state, string id, LimitDemand demand, DateTimeOffset now)
    {
        Assert.True(state.TryReserve(id, [demand], now, Lease, out var reserved, out var next, out _));
        var applied = Apply(state, reserved, now);
        Assert.Equal(next.Used("k", now), applied.Used("k", now));
        return applied;
    }

    [Fact]
    public void What_is_in_flight_counts()
    {
        var state = Reserve(LimitState.Empty, "a", Demand(6), Epoch);
        Assert.False(state.TryReserve("b", [Demand(5)], Epoch, Lease, out _, out _, out var reason));
        Assert.Equal("It would pass the limit of rule 'p/l'.", reason);
        state = Apply(state, state.Release("a", "not made"), Epoch);
        Assert.Equal(0, state.Used("k", Epoch));
        _ = Reserve(state, "b", Demand(10), Epoch);
    }

    [Fact]
    public void All_demands_are_reserved_or_none()
    {
        Assert.False(LimitState.Empty.TryReserve("a", [Demand(1), Demand(11, key: "other")], Epoch, Lease, out _, out var next, out _));
        Assert.Equal(0, next.Used("k", Epoch));
    }

    [Fact]
    public void Two_demands_on_one_limit_are_added_up() =>
        Assert.False(LimitState.Empty.TryReserve("a", [Demand(6), Demand(5)], Epoch, Lease, out _, out _, out _));

    [Fact]
    public void A_negative_demand_is_refused() => Assert.NotNull(LimitState.Empty.FirstExceeded([Demand(-1)], Epoch));

    [Fact]
    public void A_window_slides_and_does_not_refill_when_the_clock_goes_back()
    {
        var day = TimeSpan.FromDays(1);
        var state = Reserve(LimitState.Empty, "a", Demand(10, window: day), Epoch);
        state = Apply(state, state.Commit("a"), Epoch);
        Assert.Equal(10, state.Used("k", Epoch.AddDays(1).AddTicks(-1)));
        Assert.Equal(0, state.Used("k", Epoch.AddDays(1)));
        var used = Reserve(state, "b", Demand(10, window: day), Epoch.AddDays(1));
        used = Apply(used, used.Commit("b"), Epoch.AddDays(1));
        Assert.Equal(10, used.Used("k", Epoch.AddDays(-30)));
        Assert.NotNull(used.FirstExceeded([Demand(1, window: day)], Epoch.AddDays(-30)));
    }

    [Fact]
    public void A_cost_is_settled_at_what_it_was_and_may_pass_the_bound_that_then_refuses()
    {
        var state = Reserve(LimitState.Empty, "a", Demand(1, cost: true), Epoch);
        state = Apply(state, state.Commit("a", 12.5m), Epoch);
        Assert.Equal(12.5m, state.Used("k", Epoch));
        Assert.NotNull(state.FirstExceeded([Demand(0.01m)], Epoch));
    }

    [Fact]
    public void A_reservation_is_settled_once()
    {
        var state = Reserve(LimitState.Empty, "a", Demand(6), Epoch);
        var commit = state.Commit("a");
        state = Apply(Apply(state, commit, Epoch), commit, Epoch);
        Assert.Equal(6, state.Used("k", Epoch));
        Assert.Null(state.Commit("a"));
        Assert.Null(state.Release("a", ""));
    }

    [Fact]
    public void Stale_reservations_count_until_they_are_reconciled_by_evidence()
    {
        var state = Reserve(Reserve(LimitState.Empty, "made", Demand(4), Epoch), "unmade", Demand(5), Epoch);
        Assert.Empty(state.Stale(Epoch + Lease - TimeSpan.FromTicks(1)));
        var later = Epoch + Lease;
        Assert.Equal(9, state.Used("k", later));
        foreach (var change in state.Reconcile(later, reservation => reservation.Id == "made"))
        {
            state = Apply(state, change, later);
        }

        Assert.Empty(state.Open);
        Assert.Equal(4, state.Used("k", later));
    }

    [Fact]
    public void What_no_window_can_ask_for_is_forgotten_and_a_snapshot_is_what_a_replay_is()
    {
        var random = new Random(7);
        var state = LimitState.Empty;
        var restored = LimitState.Empty;
        var now = Epoch;
        var most = 0;
        for (var i = 0; i < 4_000; i++)
        {
            // Each call has a key of its own, as calls have that must be no duplicates; some take nothing, some stay in flight a while.
            now = now.AddMinutes(1);
            var demand = Demand(random.Next(4) == 0 ? 0 : 1, max: 1, window: TimeSpan.FromHours(1), key: "duplicate:" + i);
            Assert.True(state.TryReserve("c" + i, [demand], now, Lease, out var reserved, out _, out _));
            state = Apply(state, reserved, now);
            restored = Apply(restored, reserved, now);
            var settled = random.Next(3) == 0 ? "c" + Math.Max(0, i - random.Next(0, 90)) : "c" + i;
            if (state.IsOpen(settled))
            {
                (state, restored) = (Apply(state, state.Commit(settled), now), Apply(restored, restored.Commit(settled), now));
            }

            if (random.Next(50) == 0)
            {
                using var json = JsonDocument.Parse(restored.ToJson().ToJsonString());
                restored = LimitState.FromJson(json.RootElement);
                Assert.Equal(state.ToJson().ToJsonString(), restored.ToJson().ToJsonString());
            }

            most = Math.Max(most, state.Keys - state.Open.Count());
        }

        Assert.InRange(most, 60, 256 + (3 * 120));
        foreach (var late in state.Open.ToArray())
        {
            state = Apply(state, state.Release(late.Id, "x"), now.AddHours(2));
        }

        Assert.Equal("[]", state.ToJson()["uses"]!.ToJsonString());
    }

    [Fact]
    public void Any_course_keeps_the_bound_and_equals_a_plain_account_and_its_snapshot() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(10_000),
        Prop.ForAll(Arb.From(Gen.Choose(0, int.MaxValue - 1)), seed =>
        {
            var random = new Random(seed);
            TimeSpan? window = random.Next(2) == 0 ? TimeSpan.FromHours(3) : null;
            var state = LimitState.Empty;
            var now = Epoch;
            var account = new List<(string Id, decimal Amount, DateTimeOffset? Committed)>();
            for (var step = 0; step < 25; step++)
            {
                now = now.AddMinutes(random.Next(0, 60));
                var asked = random.Next(0, 600) / 100m;
                var used = account.Where(entry => entry.Committed is not { } time || window is null || time > now - window).Sum(entry => entry.Amount);
                if (state.Used("k", now) != used || used > 10)
                {
                    return false;
                }

                var open = account.Where(entry => entry.Committed is null).Select(entry => entry.Id).ToList();
                switch (random.Next(3))
                {
                    case 0 when open.Count > 0:
                        state = Apply(state, state.Commit(open[0]), now);
                        account = [.. account.Select(entry => entry.Id == open[0] ? entry with { Committed = now } : entry)];
                        break;
                    case 1 when open.Count > 0:
                        state = Apply(state, state.Release(open[^1], "x"), now);
                        account.RemoveAll(entry => entry.Id == open[^1]);
                        break;
                    default:
                        var fits = state.TryReserve("i" + step, [Demand(asked, window: window)], now, Lease, out var reserved, out _, out _);
                        if (fits != used + asked <= 10)
                        {
                            return false;
                        }

                        if (fits)
                        {
                            state = Apply(state, reserved, now);
                            account.Add(("i" + step, asked, null));
                        }

                        break;
                }

                using var json = JsonDocument.Parse(state.ToJson().ToJsonString());
                state = LimitState.FromJson(json.RootElement);
            }

            return true;
        }));

    [Fact]
    public void Looking_and_reserving_agree() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(10_000), Prop.ForAll(Arb.From(Gen.Choose(0, int.MaxValue - 1)), seed =>
    {
        var random = new Random(seed);
        var resource = random.Next(2) == 0 ? "tool:T" : "route:T";
        var request = new AuthorizationRequest
        {
            Agent = "clerk",
            OnBehalfOf = random.Next(2) == 0 ? "pia" : null,
            Resource = resource,
            Arguments = new BoundArguments([new("Amount", ArgumentValue.From(random.Next(0, 8) * 1m))]),
            EstimatedCost = random.Next(0, 4),
            Now = Epoch,
        };
        var rules = new[]
        {
            new PolicyRule { Id = "p", Effect = PolicyEffect.Permit, Resources = [ResourcePattern.Parse(resource)], Subjects = RuleSubjects.Agent("clerk") },
            new PolicyRule
            {
                Id = "l", Effect = PolicyEffect.Require, Resources = [ResourcePattern.Parse(resource)],
                Obligations = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => new LimitObligation
                {
                    Key = (LimitKey)random.Next(3), Measure = random.Next(2) == 0 ? LimitMeasure.Calls : resource == "tool:T" ? LimitMeasure.Argument : LimitMeasure.Cost, Argument = "Amount", Max = random.Next(0, 10), Window = random.Next(2) == 0 ? null : TimeSpan.FromDays(1),
                })],
            },
        };
        var set = PolicySet.Compile(rules, PolicyContext.Default);
        var state = LimitState.Empty;
        for (var call = 0; call < 4; call++)
        {
            var simulated = set.Decide(request with { Limits = state });
            var enforced = state.TryReserve("c" + call, LimitDemand.Of(set.Decide(request).Obligations, request), Epoch, Lease, out _, out var next, out _);
            if (simulated.IsAllowed != enforced)
            {
                return false;
            }

            state = next;
        }

        return true;
    }));
}
