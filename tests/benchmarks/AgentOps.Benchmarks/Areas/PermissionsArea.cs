using System.Diagnostics;
using System.Globalization;
using System.Text;
using AgentOps.Engine.Configuration;
using AgentOps.Engine.Permissions;

namespace AgentOps.Benchmarks.Areas;

/// <summary>
/// What a decision costs. Every rule has two clauses on arguments: a text out of a list and an upper bound on a decimal.
/// Each decision is timed by itself (the clock's own cost, some 30 ns, is included) and must come out as Allow.
/// </summary>
internal sealed class PermissionsArea : IBenchmarkArea
{
    private const int WarmUp = 50_000;
    private const int Samples = 200_000;

    private static readonly DateTimeOffset Now = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    public string Name => "permissions";

    public IEnumerable<Figure> Run(BenchmarkContext context)
    {
        long allocated = 0;
        foreach (var (shape, make) in new (string, Func<int, string>)[] { ("spread", Spread), ("same", Same), ("wildcard", Wildcard) })
        {
            foreach (var count in new[] { 1, 100, 1000 })
            {
                var (p50, p99, bytes) = Measure(Compile(make(count)), Requests(shape, count));
                allocated = Math.Max(allocated, bytes);
                yield return new Figure(string.Create(CultureInfo.InvariantCulture, $"permissions.{shape}.{count}.p50"), p50, "us");
                yield return new Figure(string.Create(CultureInfo.InvariantCulture, $"permissions.{shape}.{count}.p99"), p99, "us");
            }
        }

        yield return new Figure("permissions.allow.bytes", allocated, "B");
        foreach (var figure in Load())
        {
            yield return figure;
        }

        foreach (var figure in Beside())
        {
            yield return figure;
        }
    }

    private static IEnumerable<Figure> Load()
    {
        var text = Document(Spread(1000));
        var times = new List<double>();
        for (var i = 0; i < 12; i++)
        {
            var start = Stopwatch.GetTimestamp();
            var set = Compile(text, whole: true);
            _ = set.Decide(Requests("spread", 1000)[0]).IsAllowed;
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        yield return new Figure("permissions.load.1000.first", times[0], "ms");
        times.Sort();
        yield return new Figure("permissions.load.1000", times[times.Count / 2], "ms");
    }

    /// <summary>The same with dearer clauses, and a refusal with its reason; no targets.</summary>
    private static IEnumerable<Figure> Beside()
    {
        foreach (var count in new[] { 1, 100, 1000 })
        {
            var patterns = Rules(count, i => Rule(i, "permit", "tool:Pay", $"Payee: {{type: string, pattern: 'p{i}-[a-z]+'}}, Amount: {{type: decimal, max: \"500.00\"}}"));
            yield return Beside($"patterns.{count}", patterns, Request("Pay", $"p{count / 2}-acme"));
        }

        var history = Rules(1000, i => Rule(i, "permit", $"tool:Pay{i}", Two(i)) + "\n  when: [{history: {tool: Get-Invoice, outcome: ok, within: PT1H, same: {Payee: args.Payee}}}]");
        yield return Beside("history.1000", history, Request("Pay500", "p500") with { History = new PastCalls() });

        var facts = Rules(1000, i => i == 0 ? Rule(0, "permit", "tool:Pay", "Payee: {type: string}, Amount: {type: decimal}")
            : $"- id: r{i}\n  effect: forbid\n  resources: ['tool:P*']\n  when: [{{fact: session.taint, anyOf: [t{i}]}}, {{fact: session.maxDataClass, gte: secret}}]");
        var state = new FactSnapshot(
        [
            new("session.taint", ArgumentValue.FromArray([ArgumentValue.From("web")])),
            new("session.maxDataClass", ArgumentValue.From("internal")),
        ]);
        yield return Beside("facts.1000", facts, Request("Pay", "p500") with { Facts = state });

        var limits = Rules(1000, i => Rule(i, "permit", $"tool:Pay{i}", Two(i)))
            + "- id: limit\n  effect: require\n  resources: ['tool:Pay*']\n  obligations: [{limit: {key: agent, sum: args.Amount, max: \"2000\", window: P1D}}]\n";
        yield return Beside("limits.1000", limits, Request("Pay500", "p500"));

        var denied = Measure(Compile(Same(1000)), [Request("Pay", "nobody")], DecisionOutcome.Deny, 20_000);
        yield return new Figure("permissions.deny.1000.p50", denied.P50, "us");
    }

    private static Figure Beside(string name, string rules, AuthorizationRequest request) =>
        new($"permissions.{name}.p50", Measure(Compile(rules), [request], samples: 20_000).P50, "us");

    private static (double P50, double P99, long Bytes) Measure(PolicySet set, AuthorizationRequest[] requests, DecisionOutcome expected = DecisionOutcome.Allow, int samples = Samples)
    {
        for (var i = 0; i < Math.Min(WarmUp, samples); i++)
        {
            if (set.Decide(requests[i % requests.Length]).Outcome != expected)
            {
                throw new InvalidOperationException($"A decision came out wrong: {set.Decide(requests[i % requests.Length]).Reason}");
            }
        }

        // Once the tiered compiler has had its say.
        Thread.Sleep(300);
        var ticks = new long[samples];
        var allowed = 0;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < samples; i++)
        {
            ref readonly var request = ref requests[i % requests.Length];
            var start = Stopwatch.GetTimestamp();
            allowed += set.Decide(request).Outcome == expected ? 1 : 0;
            ticks[i] = Stopwatch.GetTimestamp() - start;
        }

        var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        if (allowed != samples)
        {
            throw new InvalidOperationException("A decision came out wrong while it was timed.");
        }

        Array.Sort(ticks);
        var unit = 1e6 / Stopwatch.Frequency;
        return (ticks[samples / 2] * unit, ticks[samples * 99 / 100] * unit, bytes);
    }

    private static AuthorizationRequest[] Requests(string shape, int count) =>
        [.. Enumerable.Range(0, Math.Min(count, 64)).Select(i => i * Math.Max(1, count / 64) % count)
            .Select(i => shape == "spread" ? Request($"Pay{i}", $"p{i}") : Request("Pay", shape == "same" ? $"p{i}" : "acme"))];

    private static AuthorizationRequest Request(string tool, string payee) => new()
    {
        Agent = "clerk",
        OnBehalfOf = "carol",
        Resource = $"tool:{tool}",
        Arguments = new BoundArguments([new("Payee", ArgumentValue.From(payee)), new("Amount", ArgumentValue.From(120.50m))]),
        Now = Now,
    };

    private static string Two(int i) => $"Payee: {{type: string, in: [p{i}, q{i}]}}, Amount: {{type: decimal, max: \"{500 + i}.00\"}}";

    private static string Rule(int i, string effect, string resource, string arguments) =>
        $"- id: r{i}\n  effect: {effect}\n  resources: ['{resource}']\n  args: {{{arguments}}}";

    private static string Rules(int count, Func<int, string> make)
    {
        var text = new StringBuilder();
        for (var i = 0; i < count; i++)
        {
            text.Append(make(i)).Append('\n');
        }

        return text.ToString();
    }

    private static string Spread(int count) => Rules(count, i => Rule(i, "permit", $"tool:Pay{i}", Two(i)));

    private static string Same(int count) => Rules(count, i => Rule(i, "permit", "tool:Pay", Two(i)));

    private static string Wildcard(int count) => Rule(0, "permit", "tool:Pay", "Payee: {type: string, in: [acme]}, Amount: {type: decimal, max: \"500.00\"}") + "\n"
        + Rules(Math.Max(1, count - 1), i => Rule(i + 1, "forbid", i % 2 == 0 ? "tool:P*" : "tool:*ay", Two(i)));

    private static string Document(string rules) => $"apiVersion: agentops/v1\nkind: AgentPolicy\nname: bench\nsubjects: {{agents: [clerk]}}\nrules:\n{rules}";

    private static PolicySet Compile(string text, bool whole = false)
    {
        var documents = new YamlDocumentReader([new AgentPolicyParser()]).Read(whole ? text : Document(text), "bench.yaml");
        return PolicySet.Compile([.. documents.SelectMany(document => ((AgentPolicy)document.Value).Rules)], PolicyContext.Default);
    }

    private sealed class PastCalls : IHistorySource
    {
        private readonly BoundArguments[] _calls = [.. Enumerable.Range(0, 64).Select(i => new BoundArguments([new("Payee", ArgumentValue.From($"p{500 + i}"))]))];

        public int Count(in HistoryQuery query)
        {
            var count = 0;
            for (var i = 0; i < _calls.Length && count < query.Enough; i++)
            {
                count += query.IsMatch(Now.AddMinutes(-5), "ok", null, _calls[i]) ? 1 : 0;
            }

            return count;
        }
    }
}
