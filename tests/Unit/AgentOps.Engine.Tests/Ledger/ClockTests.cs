using AgentOps.Engine.Ledger;

namespace AgentOps.Engine.Tests.Ledger;

public sealed class ClockTests
{
    [Fact]
    public async Task The_time_of_the_ledger_never_goes_back_and_never_stands_still()
    {
        using var fixture = new LedgerFixture();
        var clock = new SettableTime(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        await using (var store = await fixture.OpenAsync(time: clock))
        {
            await store.AppendAsync([LedgerFixture.Event(1)], CancellationToken.None);
            clock.Step(TimeSpan.FromDays(1));
            await store.AppendAsync([LedgerFixture.Event(2)], CancellationToken.None);
            clock.Step(TimeSpan.FromDays(-2));
            clock.Elapse(TimeSpan.FromMinutes(5));
            var now = await store.TransactAsync(transaction => transaction.Now, CancellationToken.None);
            Assert.Equal(new DateTimeOffset(2026, 3, 2, 12, 5, 0, TimeSpan.Zero), now);
        }

        await using var again = await fixture.OpenAsync(time: clock);
        Assert.True(await again.TransactAsync(transaction => transaction.Now, CancellationToken.None) >= new DateTimeOffset(2026, 3, 2, 12, 0, 0, TimeSpan.Zero));
        await again.AppendAsync([LedgerFixture.Event(3)], CancellationToken.None);
        Assert.True((await again.VerifyAsync(new LedgerVerificationOptions(), CancellationToken.None)).IsWhole);
    }

    private sealed class SettableTime(DateTimeOffset start) : TimeProvider
    {
        private DateTimeOffset _wall = start;
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => _wall;

        public override long GetTimestamp() => _ticks;

        public void Step(TimeSpan by) => _wall += by;

        public void Elapse(TimeSpan by)
        {
            _wall += by;
            _ticks += by.Ticks;
        }
    }
}
