using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Tests.Ledger;

namespace AgentOps.Benchmarks.Areas;

/// <summary>The figures of the ledger: appends, verification, opening and queries of a file ledger of 1,000,000 records.</summary>
internal sealed class LedgerArea : IBenchmarkArea
{
    private const int Million = 1_000_000;
    private const int Batch = 1000;

    public string Name => "ledger";

    public IEnumerable<Figure> Run(BenchmarkContext context)
    {
        yield return new Figure("ledger.append.ratio", MeasureRatio(Path.Combine(context.WorkPath, "ratio")), "x of bare append+fsync");
        var large = Path.Combine(context.WorkPath, "large");
        yield return new Figure("ledger.batch.rate", MeasureBatches(large), "records/s");
        yield return new Figure("ledger.verify.rate", MeasureVerification(context, large), "records/s");
        yield return new Figure("ledger.open.1m", MeasureOpen(large), "ms");
        yield return new Figure("ledger.query.1m", MeasureQuery(large), "ms");
        if (PostgresServer.Programs is null)
        {
            BenchmarkContext.Say("ledger.postgres.rate is left out: PostgreSQL's server programs are not on this machine");
            yield break;
        }

        yield return new Figure("ledger.postgres.rate", MeasurePostgres(Path.Combine(context.WorkPath, "postgres")), "records/s");
    }

    private static double MeasureRatio(string folder)
    {
        const int WarmUp = 6000;
        const int Rounds = 2000;
        Directory.CreateDirectory(folder);
        var store = Open(folder);
        var line = new byte[700];
        Array.Fill(line, (byte)'x');
        var (bare, ledger) = (new double[Rounds], new double[Rounds]);
        using var file = File.OpenHandle(Path.Combine(folder, "bare"), FileMode.Create, FileAccess.Write);
        var log = new FileInfo(Path.Combine(folder, "ledger", "log", "000000.jsonl"));
        long offset = 0;
        // What runs before it counts lasts until the code is compiled for the last time, some three seconds.
        for (var i = -WarmUp; i < Rounds; i++)
        {
            // The two take turns, so that the disk's moods strike both; the bare one writes as many bytes as the ledger did.
            log.Refresh();
            var before = log.Length;
            var started = Stopwatch.GetTimestamp();
            Wait(store.AppendAsync([Make(i)], CancellationToken.None));
            var took = Stopwatch.GetElapsedTime(started).TotalMicroseconds;
            log.Refresh();
            var length = (int)(log.Length - before);
            started = Stopwatch.GetTimestamp();
            RandomAccess.Write(file, line.AsSpan(0, Math.Min(length, line.Length)), offset);
            RandomAccess.FlushToDisk(file);
            var tookBare = Stopwatch.GetElapsedTime(started).TotalMicroseconds;
            offset += length;
            if (i >= 0)
            {
                (ledger[i], bare[i]) = (took, tookBare);
            }
        }

        Wait(store.DisposeAsync());
        Array.Sort(bare);
        Array.Sort(ledger);
        BenchmarkContext.Say($"one durable append: {ledger[Rounds / 2]:0} µs, bare {bare[Rounds / 2]:0} µs (medians of {Rounds})");
        return ledger[Rounds / 2] / bare[Rounds / 2];
    }

    private static double MeasureBatches(string folder)
    {
        var store = Open(folder);
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < Million; i += Batch)
        {
            var events = new NewEvent[Batch];
            for (var j = 0; j < Batch; j++)
            {
                events[j] = Make(i + j);
            }

            Wait(store.AppendAsync(events, CancellationToken.None));
        }

        var rate = Million / Stopwatch.GetElapsedTime(started).TotalSeconds;
        started = Stopwatch.GetTimestamp();
        Wait(store.DisposeAsync());
        BenchmarkContext.Say($"tiles and checkpoint brought up at the end in {Stopwatch.GetElapsedTime(started).TotalMilliseconds:0} ms");
        return rate;
    }

    private static double MeasureVerification(BenchmarkContext context, string folder)
    {
        var best = 0.0;
        for (var round = 0; round < 3; round++)
        {
            var started = Stopwatch.GetTimestamp();
            if (context.HelperPath is { } helper)
            {
                using var process = Process.Start(new ProcessStartInfo(helper, ["verify", folder]) { RedirectStandardOutput = true })!;
                process.StandardOutput.ReadToEnd();
                process.WaitForExit();
                if (process.ExitCode != 0)
                {
                    throw new InvalidOperationException("The helper did not verify the ledger: exit code " + process.ExitCode.ToString(CultureInfo.InvariantCulture));
                }
            }
            else
            {
                var store = Open(folder);
                var verification = Wait(store.VerifyAsync(new LedgerVerificationOptions(), CancellationToken.None));
                Wait(store.DisposeAsync());
                if (!verification.IsWhole)
                {
                    throw new InvalidOperationException(verification.Faults[0].What);
                }
            }

            best = Math.Max(best, Million / Stopwatch.GetElapsedTime(started).TotalSeconds);
        }

        BenchmarkContext.Say(context.HelperPath is null ? "verified in this process: the helper was not built" : "verified by the helper, its start included");
        return best;
    }

    private static double MeasureOpen(string folder)
    {
        var times = new double[5];
        for (var i = 0; i < times.Length; i++)
        {
            var started = Stopwatch.GetTimestamp();
            var store = Open(folder);
            times[i] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            if (store.Size < Million)
            {
                throw new InvalidOperationException("The ledger is too short.");
            }

            Wait(store.DisposeAsync());
        }

        Array.Sort(times);
        return times[times.Length / 2];
    }

    private static double MeasureQuery(string folder)
    {
        var store = Open(folder);
        var worst = 0.0;
        LedgerQuery[] queries =
        [
            new() { Agent = "agent-17", Type = "test.*" },
            new() { Session = "session-4711" },
            new() { Type = "test.rare" },
            new() { Agent = "agent-1?", Newest = 100 },
        ];
        foreach (var query in queries)
        {
            var times = new double[3];
            var count = 0;
            for (var i = 0; i < times.Length; i++)
            {
                var started = Stopwatch.GetTimestamp();
                count = Count(store, query).GetAwaiter().GetResult();
                times[i] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            }

            Array.Sort(times);
            BenchmarkContext.Say($"{query}: {count} records in {times[1]:0} ms");
            worst = Math.Max(worst, times[1]);
        }

        Wait(store.DisposeAsync());
        return worst;
    }

    private static double MeasurePostgres(string folder)
    {
        const int Records = 100_000;
        using var server = new PostgresServer();
        var store = Wait(PostgresLedgerStore.OpenAsync(
            new PostgresLedgerOptions { Uri = server.GetUri("bench"), KeyFolder = Path.Combine(folder, "keys"), Actor = new Actor(null, "bench", "host", "bench:1"), SnapshotEvery = 100_000 },
            new TallyProjection(), TimeProvider.System, CancellationToken.None));
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < Records; i += Batch)
        {
            Wait(store.AppendAsync([.. Enumerable.Range(i, Batch).Select(Make)], CancellationToken.None));
        }

        var rate = Records / Stopwatch.GetElapsedTime(started).TotalSeconds;
        var times = new double[100];
        for (var i = 0; i < times.Length; i++)
        {
            started = Stopwatch.GetTimestamp();
            Wait(store.AppendAsync([Make(i)], CancellationToken.None));
            times[i] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }

        Array.Sort(times);
        BenchmarkContext.Say(string.Create(CultureInfo.InvariantCulture, $"PostgreSQL: one durable append {times[times.Length / 2]:0.00} ms (median of {times.Length})"));
        Wait(store.DisposeAsync());
        return rate;
    }

    private static async Task<int> Count(FileLedgerStore store, LedgerQuery query)
    {
        var count = 0;
        await foreach (var _ in store.ReadAsync(query, CancellationToken.None))
        {
            count++;
        }

        return count;
    }

    private static NewEvent Make(int i) => new(i % 10_000 == 0 ? "test.rare" : "test.call", 1, new JsonObject
    {
        ["tool"] = "Get-Item",
        ["decision"] = "permit",
        ["cost"] = "0.00042",
        ["tokens"] = i & 0xFFF,
        ["arguments"] = new JsonObject { ["Path"] = "/var/log/app-" + (i % 1000).ToString(CultureInfo.InvariantCulture) },
    })
    {
        Agent = "agent-" + (i % 100).ToString(CultureInfo.InvariantCulture),
        Session = "session-" + (i / 100).ToString(CultureInfo.InvariantCulture),
    };

    private static FileLedgerStore Open(string folder) => Wait(FileLedgerStore.OpenAsync(
        new FileLedgerOptions { Path = folder, Actor = new Actor(null, "bench", "host", "bench:1"), SnapshotEvery = 100_000 },
        new TallyProjection(), TimeProvider.System, CancellationToken.None));

    private static T Wait<T>(ValueTask<T> task) => task.AsTask().GetAwaiter().GetResult();

    private static void Wait(ValueTask task) => task.AsTask().GetAwaiter().GetResult();

    /// <summary>Spend and calls of each agent: the kind of state that the ledger's readers keep.</summary>
    private sealed class TallyProjection : ILedgerProjection
    {
        private readonly Dictionary<string, long> _calls = [];

        public void Apply(LedgerRecord record)
        {
            ref var count = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_calls, record.Actor.Agent ?? "", out _);
            count += record.Data.GetProperty("tokens").GetInt64();
        }

        public bool Knows(string type, int version) => type is "test.call" or "test.rare" && version == 1;

        public void Save(Stream stream)
        {
            using var writer = new StreamWriter(stream, Encoding.UTF8, leaveOpen: true);
            foreach (var (agent, count) in _calls)
            {
                writer.WriteLine(agent + " " + count.ToString(CultureInfo.InvariantCulture));
            }
        }

        public void Load(Stream stream)
        {
            using var reader = new StreamReader(stream, Encoding.UTF8, leaveOpen: true);
            while (reader.ReadLine() is { } line)
            {
                var split = line.LastIndexOf(' ');
                _calls[line[..split]] = long.Parse(line.AsSpan(split + 1), CultureInfo.InvariantCulture);
            }
        }

        public void Reset() => _calls.Clear();
    }
}
