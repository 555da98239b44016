using System.Runtime.CompilerServices;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Routing;
using static AgentOps.Engine.Tests.Providers.ProviderTesting;

namespace AgentOps.Engine.Tests.Routing;

/// <summary>Many prompts down a route: all answered and booked, and all ended when one part of it ends.</summary>
public sealed class RouteBatchTests
{
    private static readonly RouteDefinition Route = new() { Name = "r", Targets = [new RouteTarget("p", "m")], Objective = RouteObjective.Ordered };

    private readonly PromptProvider _provider = new();
    private readonly List<RouteBatchAnswer> _settled = [];

    [Fact]
    public async Task Many_prompts_all_get_their_answers_each_booked_before_it_is_given()
    {
        var answers = new List<RouteBatchAnswer>();
        await foreach (var answer in InvokeAsync(PromptsAsync(200)))
        {
            lock (_settled)
            {
                Assert.Contains(answer, _settled);
            }

            answers.Add(answer);
        }

        Assert.Equal(Enumerable.Range(0, 200), answers.Select(answer => answer.Index).Order());
        Assert.All(answers, answer => Assert.Equal($"p{answer.Index}", answer.Message.TextContent));
        Assert.Equal(200, _settled.Count);
    }

    [Fact]
    public async Task Who_stops_listening_stops_all_and_every_call_that_was_begun_is_booked()
    {
        await foreach (var _ in InvokeAsync(PromptsAsync(100_000)))
        {
            break;
        }

        var (begun, booked) = (_provider.Begun, _settled.Count);
        Assert.InRange(begun, 1, 1000);
        Assert.True(booked >= begun, $"{begun} calls were begun and {booked} booked.");
        Assert.Equal(0, _provider.Running);
        await Task.Delay(50);
        Assert.Equal((begun, booked), (_provider.Begun, _settled.Count));
    }

    [Fact]
    public async Task A_source_that_fails_ends_the_batch_with_its_error_after_the_answers()
    {
        var answers = 0;
        var thrown = await Assert.ThrowsAsync<InvalidDataException>(async () =>
        {
            await foreach (var _ in InvokeAsync(PromptsAsync(10, new InvalidDataException("the tenth"))))
            {
                answers++;
            }
        }).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal("the tenth", thrown.Message);
        Assert.Equal(10, answers);
    }

    [Fact]
    public async Task A_record_that_cannot_be_written_ends_the_batch_and_no_further_prompt_is_sent()
    {
        var booked = 0;
        var thrown = await Assert.ThrowsAsync<IOException>(async () =>
        {
            await foreach (var _ in InvokeAsync(PromptsAsync(100_000), _ => Interlocked.Increment(ref booked) > 20 ? throw new IOException("disk full") : ValueTask.CompletedTask))
            {
            }
        }).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal("disk full", thrown.Message);
        Assert.InRange(_provider.Begun, 20, 1000);
        Assert.Equal(0, _provider.Running);
    }

    private IAsyncEnumerable<RouteBatchAnswer> InvokeAsync(IAsyncEnumerable<RouteRequest> requests, Func<RouteBatchAnswer, ValueTask>? settle = null)
    {
        var providers = new ProviderSet(new ProviderFactory());
        providers.Register(new ProviderDefinition { Name = "p", Kind = ProviderKinds.Simulated }, _provider);
        return RouteBatch.InvokeAsync(new Router(providers), requests, null, settle ?? Settle, CancellationToken.None);
    }

    private ValueTask Settle(RouteBatchAnswer answer)
    {
        lock (_settled)
        {
            _settled.Add(answer);
        }

        return ValueTask.CompletedTask;
    }

    private static async IAsyncEnumerable<RouteRequest> PromptsAsync(int count, Exception? failure = null)
    {
        for (var index = 0; index < count; index++)
        {
            await Task.Yield();
            yield return new RouteRequest(Route, Ask($"p{index}"));
        }

        if (failure is not null)
        {
            throw failure;
        }
    }

    /// <summary>Says the prompt again after a moment, and counts.</summary>
    private sealed class PromptProvider : IModelProvider
    {
        private int _begun;
        private int _running;

        public int Begun => _begun;

        public int Running => _running;

        public string Name => "p";

        public string Kind => ProviderKinds.Simulated;

        public async IAsyncEnumerable<ModelEvent> StreamAsync(ModelRequest request, [EnumeratorCancellation] CancellationToken ct)
        {
            Interlocked.Increment(ref _begun);
            Interlocked.Increment(ref _running);
            try
            {
                await Task.Delay(2, ct);
                yield return new TextDelta(request.Messages[^1].TextContent);
                yield return new ModelCompleted(StopReason.EndTurn, new Usage(1, 1), "m", null);
            }
            finally
            {
                Interlocked.Decrement(ref _running);
            }
        }
    }
}
