using System.Diagnostics;
using System.Text.Json.Nodes;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Routing;
using AgentOps.Engine.Routing.Quality;

namespace AgentOps.Benchmarks.Areas;

/// <summary>
/// The figures of routing: what a routed call adds to a bare HttpClient's against the same server on the loopback, in turns in
/// the same run; the time of a decision; and how many strong calls the learned router needs.
/// </summary>
internal sealed class RoutingArea : IBenchmarkArea
{
    private const int Calls = 4000;
    private const int Warmup = 1000;

    public string Name => "routing";

    public IEnumerable<Figure> Run(BenchmarkContext context)
    {
        yield return new Figure("routing.decide.100", Decide(), "us");
        foreach (var figure in DomainFigures.Run(context))
        {
            yield return figure;
        }

        using (var server = new CannedServer())
        using (var client = new BareClient(server.Uri))
        using (var factory = new ProviderFactory())
        {
            var (router, route) = Routed(factory, server.Uri);
            var (bare, routed) = Wait(CompareAsync(client, router, route, null));
            yield return new Figure("routing.added.p50", At(routed, 0.5) - At(bare, 0.5), "us");
            yield return new Figure("routing.added.p99", At(routed, 0.99) - At(bare, 0.99), "us");
            var store = WaitFor(FileLedgerStore.OpenAsync(
                new FileLedgerOptions { Path = Path.Combine(context.WorkPath, "routing"), Actor = new Actor(null, "bench", "host", "bench:1") },
                new NoProjection(), TimeProvider.System, CancellationToken.None));
            var (plain, durable) = Wait(CompareAsync(client, router, route, store));
            store.DisposeAsync().AsTask().GetAwaiter().GetResult();
            yield return new Figure("routing.durable.p50", At(durable, 0.5) - At(plain, 0.5), "us");
            yield return new Figure("routing.chunk.gap", Wait(GapAsync(client, router, route)), "us");
            yield return new Figure("routing.rate", Wait(RateAsync(router, route)), "calls/s");
        }

        var table = context.DataPath is null ? null : MmluTable.Read(Path.Combine(context.DataPath, "routing", "mmlu"));
        if (table is null)
        {
            BenchmarkContext.Say("routing.mmlu.strong95 is left out: AGENTOPS_DATA names no folder with routing/mmlu.");
            yield break;
        }

        yield return new Figure("routing.mmlu.strong95", Strong95(table), "% of calls");
    }

    /// <summary>
    /// The share of calls, 0 to 1, that the strong one of two models must take, in the order of the gain, for a share of its own quality.
    /// </summary>
    private static double StrongShare(QualityTable table, double[] gains, int weak, int strong, double quality)
    {
        var total = table.Examples.Sum(example => example.Scores[weak]);
        var wanted = quality * table.Examples.Sum(example => example.Scores[strong]);
        var calls = 0;
        foreach (var row in Enumerable.Range(0, gains.Length).OrderByDescending(row => gains[row]))
        {
            if (total >= wanted)
            {
                break;
            }

            total += table.Examples[row].Scores[strong] - table.Examples[row].Scores[weak];
            calls++;
        }

        return calls / (double)gains.Length;
    }

    private static double Strong95(QualityTable table)
    {
        const int Seeds = 5;
        var total = 0.0;
        for (var seed = 0; seed < Seeds; seed++)
        {
            var gains = RouterEvaluation.CrossValidate(table, 5, seed).Select(predicted => predicted.Scores[1] - predicted.Scores[0]).ToArray();
            var share = 100 * StrongShare(table, gains, 0, 1, 0.95);
            BenchmarkContext.Say($"  seed {seed}: {share:0.00} % strong calls for 95 % of the strong model's accuracy");
            total += share / Seeds;
        }

        return total;
    }

    private static double Decide()
    {
        const int Rounds = 100_000;
        using var factory = new ProviderFactory();
        var providers = new ProviderSet(factory);
        var targets = new RouteTarget[100];
        for (var index = 0; index < targets.Length; index++)
        {
            providers.Register(new ProviderDefinition { Name = $"p{index}", Kind = ProviderKinds.Simulated });
            targets[index] = new RouteTarget($"p{index}", "m")
            {
                Price = new ModelPrice(1 + (index * 37 % 101), 5),
                Quality = 0.5m + (index % 50 * 0.01m),
                Region = index % 3 == 0 ? "eu" : "us",
                Clearance = index % 5 == 0 ? "public" : "secret",
            };
        }

        var router = new Router(providers);
        var request = new RouteRequest(
            new RouteDefinition { Name = "r", Targets = targets, Objective = RouteObjective.CheapestCapable, Regions = ["eu", "us"] }, Ask(false))
        {
            Budget = 1,
        };
        var best = double.MaxValue;
        for (var part = 0; part < 6; part++)
        {
            var started = Stopwatch.GetTimestamp();
            for (var round = 0; round < Rounds / 6; round++)
            {
                if (router.Resolve(request).Selected is null)
                {
                    throw new InvalidOperationException("Nothing was selected.");
                }
            }

            // The first parts warm the compiler up; a neighbour's noise only ever adds.
            best = Math.Min(best, Stopwatch.GetElapsedTime(started).TotalMicroseconds / (Rounds / 6));
        }

        return best;
    }

    private static async Task<(double[] Bare, double[] Routed)> CompareAsync(
        BareClient client, Router router, RouteDefinition route, FileLedgerStore? store)
    {
        var calls = store is null ? Calls : Calls / 4;
        var (bare, routed) = (new double[calls], new double[calls]);
        var request = new RouteRequest(route, Ask(false));
        for (var round = -Warmup; round < calls; round++)
        {
            var started = Stopwatch.GetTimestamp();
            await client.AskAsync();
            var first = Stopwatch.GetElapsedTime(started).TotalMicroseconds;
            started = Stopwatch.GetTimestamp();
            await CallAsync(router, request, store);
            var second = Stopwatch.GetElapsedTime(started).TotalMicroseconds;
            if (round >= 0)
            {
                (bare[round], routed[round]) = (first, second);
            }
        }

        return (bare, routed);
    }

    // A leased slice of the budget needs no record of its own: one durable record settles the call.
    private static async Task CallAsync(Router router, RouteRequest request, FileLedgerStore? store)
    {
        RouteCompleted? end = null;
        await foreach (var item in router.InvokeAsync(request, default))
        {
            end = item as RouteCompleted ?? end;
        }

        if (store is not null)
        {
            await store.AppendAsync(
            [
                new NewEvent("model.settled", 1, new JsonObject { ["route"] = "r", ["cost"] = end!.Cost.ToString(System.Globalization.CultureInfo.InvariantCulture), ["usage"] = end.Completion.Usage.ToJson() }),
            ], CancellationToken.None);
        }
    }

    // The server writes the time of sending into each delta: how much later it arrives through the router than bare.
    private static async Task<double> GapAsync(BareClient client, Router router, RouteDefinition route)
    {
        var (bare, routed) = (new List<double>(), new List<double>());
        for (var round = 0; round < 4; round++)
        {
            await foreach (var sent in client.StreamAsync())
            {
                bare.Add(Stopwatch.GetElapsedTime(sent).TotalMicroseconds);
            }

            await foreach (var item in router.InvokeAsync(new RouteRequest(route, Ask(true)), default))
            {
                if (item is ModelOutput { Event: TextDelta delta })
                {
                    routed.Add(Stopwatch.GetElapsedTime(long.Parse(delta.Text, System.Globalization.CultureInfo.InvariantCulture)).TotalMicroseconds);
                }
            }
        }

        return At([.. routed.Skip(CannedServer.Deltas)], 0.5) - At([.. bare.Skip(CannedServer.Deltas)], 0.5);
    }

    private static async Task<double> RateAsync(Router router, RouteDefinition route)
    {
        const int Workers = 16;
        var seconds = TimeSpan.FromSeconds(3);
        var best = 0.0;
        for (var part = 0; part < 3; part++)
        {
            var started = Stopwatch.GetTimestamp();
            var counts = await Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => Task.Run(async () =>
            {
                var count = 0;
                var request = new RouteRequest(route, Ask(false));
                while (Stopwatch.GetElapsedTime(started) < seconds)
                {
                    await CallAsync(router, request, null);
                    count++;
                }

                return count;
            })));
            best = Math.Max(best, counts.Sum() / Stopwatch.GetElapsedTime(started).TotalSeconds);
        }

        return best;
    }

    private static (Router Router, RouteDefinition Route) Routed(ProviderFactory factory, Uri uri)
    {
        var providers = new ProviderSet(factory);
        providers.Register(new ProviderDefinition { Name = "p", Kind = ProviderKinds.OpenAI, Uri = uri });
        return (new Router(providers), new RouteDefinition
        {
            Name = "r",
            Targets = [new RouteTarget("p", "m") { Price = new ModelPrice(1, 5) }],
        });
    }

    private static ModelRequest Ask(bool stream) => new()
    {
        Model = "m",
        Messages = [Message.Text(MessageRole.User, "How full is the disk of the build server, and what may be deleted?")],
        Stream = stream,
    };

    private static double At(double[] times, double share)
    {
        Array.Sort(times);
        return times[(int)(times.Length * share)];
    }

    private static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();

    private static T WaitFor<T>(ValueTask<T> task) => task.AsTask().GetAwaiter().GetResult();

    private sealed class NoProjection : ILedgerProjection
    {
        public void Apply(LedgerRecord record)
        {
        }

        public bool Knows(string type, int version) => true;

        public void Save(Stream stream)
        {
        }

        public void Load(Stream stream)
        {
        }

        public void Reset()
        {
        }
    }
}
