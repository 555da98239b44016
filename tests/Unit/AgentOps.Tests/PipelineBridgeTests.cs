using System.Collections.Concurrent;
using AgentOps.Async;

namespace AgentOps.Tests;

public sealed class PipelineBridgeTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly PipelineBridge _bridge = new(TimeSpan.FromMilliseconds(300));

    public void Dispose() => _bridge.Dispose();

    [Fact]
    public void Posts_run_on_the_calling_thread_in_order()
    {
        var thread = Environment.CurrentManagedThreadId;
        var seen = new List<(int Value, int Thread)>();
        _bridge.Run(async _ =>
        {
            for (var value = 0; value < 500; value++)
            {
                var current = value;
                await _bridge.PostAsync(() => { seen.Add((current, Environment.CurrentManagedThreadId)); return true; });
                Assert.NotEqual(thread, Environment.CurrentManagedThreadId);
            }
        });
        Assert.Equal(Enumerable.Range(0, 500), seen.Select(one => one.Value));
        Assert.All(seen, one => Assert.Equal(thread, one.Thread));
    }

    [Fact]
    public void A_post_gives_its_answer_back()
    {
        var answer = 0;
        _bridge.Run(async _ => answer = await _bridge.PostAsync(() => 42));
        Assert.Equal(42, answer);
    }

    [Fact]
    public void Many_senders_at_once_lose_nothing_and_are_never_many_on_the_pipeline()
    {
        var inside = 0;
        var most = 0;
        var count = 0;
        _bridge.Run(_ => Parallel.ForEachAsync(Enumerable.Range(0, 2_000), new ParallelOptions { MaxDegreeOfParallelism = 200 }, async (_, _) =>
            await _bridge.PostAsync(() =>
            {
                most = Math.Max(most, Interlocked.Increment(ref inside));
                Interlocked.Decrement(ref inside);
                return ++count;
            })));
        Assert.Equal(2_000, count);
        Assert.Equal(1, most);
    }

    [Fact]
    public void Output_arrives_before_the_work_ends()
    {
        using var arrived = new ManualResetEventSlim();
        var early = false;
        _bridge.Run(async token =>
        {
            await _bridge.PostAsync(() => { arrived.Set(); return true; });
            early = arrived.IsSet;
            await Task.Delay(1, token);
        });
        Assert.True(early);
    }

    [Fact]
    public void What_the_pump_throws_cancels_the_work_awaits_it_and_is_rethrown()
    {
        var ended = false;
        var cancelled = false;
        var thrown = Assert.Throws<InvalidTimeZoneException>(() => _bridge.Run(async token =>
        {
            try
            {
                await _bridge.PostAsync<bool>(() => throw new InvalidTimeZoneException("downstream"));
            }
            finally
            {
                cancelled = token.IsCancellationRequested || token.WaitHandle.WaitOne(Patience);
                await Task.Delay(50, CancellationToken.None);
                ended = true;
            }
        }));
        Assert.Equal("downstream", thrown.Message);
        Assert.True(cancelled);
        Assert.True(ended);
    }

    [Fact]
    public void Waiting_posts_are_refused_when_the_pump_throws()
    {
        var refused = new ConcurrentBag<bool>();
        Assert.Throws<InvalidTimeZoneException>(() => _bridge.Run(_ => Task.WhenAll(Enumerable.Range(0, 300).Select(async index =>
        {
            try
            {
                await _bridge.PostAsync<int>(() => throw new InvalidTimeZoneException());
            }
            catch (OperationCanceledException)
            {
                refused.Add(index >= 0);
            }
        }))));
        Assert.Equal(300, refused.Count);
    }

    [Fact]
    public void What_the_work_throws_reaches_the_caller_as_it_is()
    {
        var thrown = Assert.Throws<InvalidTimeZoneException>(() => _bridge.Run(async _ =>
        {
            await Task.Yield();
            throw new InvalidTimeZoneException("work");
        }));
        Assert.Equal("work", thrown.Message);
    }

    [Fact]
    public async Task Cancelling_from_another_thread_ends_work_that_listens()
    {
        using var started = new ManualResetEventSlim();
        var run = Task.Run(() => _bridge.Run(async token =>
        {
            started.Set();
            await Task.Delay(Patience, token);
        }));
        Assert.True(started.Wait(Patience));
        _bridge.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WaitAsync(Patience));
    }

    [Fact]
    public async Task Work_that_does_not_listen_is_left_behind()
    {
        using var started = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        var run = Task.Run(() => _bridge.Run(_ =>
        {
            started.Set();
            release.Wait(Patience, CancellationToken.None);
            throw new InvalidTimeZoneException("nobody hears this, and nobody is hurt by it");
        }));
        Assert.True(started.Wait(Patience));
        var clock = System.Diagnostics.Stopwatch.StartNew();
        _bridge.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WaitAsync(Patience));

        // Far below the work's own length; the second itself is measured with a real pipeline, against the machine's slack.
        Assert.True(clock.Elapsed < Patience / 2, $"{clock.Elapsed}");
        release.Set();
    }

    [Fact]
    public async Task A_post_after_the_end_is_refused()
    {
        _bridge.Run(_ => Task.CompletedTask);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _bridge.PostAsync(() => 1));
    }

    [Fact]
    public void Runs_again_after_it_has_ended()
    {
        var sum = 0;
        for (var round = 0; round < 100; round++)
        {
            _bridge.Run(async _ => await _bridge.PostAsync(() => ++sum));
        }

        Assert.Equal(100, sum);
    }

    [Fact]
    public void Disposed_while_idle_it_runs_no_more()
    {
        _bridge.Dispose();
        Assert.ThrowsAny<Exception>(() => _bridge.Run(_ => Task.CompletedTask));
    }
}
