using AgentOps.Engine.Benchmarks.Drift;
using AgentOps.Engine.Benchmarks.Endpoints;
using AgentOps.Engine.Benchmarks.Regression;

namespace AgentOps.Output;

/// <summary>What was measured of one target. Latencies are of calls that succeeded; failures are counted beside.</summary>
public sealed record RouteBenchmark
{
    /// <summary>The target, as <c>provider/model</c>.</summary>
    public required string Target { get; init; }

    /// <summary><c>Open</c> or <c>Closed</c>. A closed loop hides stalls: its latencies are not those of users.</summary>
    public required string Loop { get; init; }

    /// <summary>Measured calls.</summary>
    public required int Calls { get; init; }

    /// <summary>Of those, failed.</summary>
    public required int Failures { get; init; }

    /// <summary>Failures by class, for example <c>RateLimit: 3</c>.</summary>
    public required string[] Errors { get; init; }

    /// <summary>The wall time of the calls.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>To the response's headers; null where the provider is not called over HTTP.</summary>
    public LatencySummary? TimeToFirstByte { get; init; }

    /// <summary>To the first delta of any kind: reasoning, text, a tool call.</summary>
    public LatencySummary? TimeToFirstToken { get; init; }

    /// <summary>To the first delta of text.</summary>
    public LatencySummary? TimeToFirstText { get; init; }

    /// <summary>Mean time of a further token.</summary>
    public LatencySummary? TimePerOutputToken { get; init; }

    /// <summary>Raw gaps between content events.</summary>
    public LatencySummary? InterChunkGap { get; init; }

    /// <summary>To the end of the answer.</summary>
    public LatencySummary? EndToEnd { get; init; }

    /// <summary>How late calls were sent: the error of the measurement itself.</summary>
    public LatencySummary? SendLag { get; init; }

    /// <summary>Output tokens a second, the median of the calls.</summary>
    public double? TokensPerSecond { get; init; }

    /// <summary>Calls that met all objectives, a second; failures count as bad.</summary>
    public required double Goodput { get; init; }

    /// <summary>The share of calls that met all objectives, 0 to 1.</summary>
    public required double GoodShare { get; init; }

    /// <summary>Output tokens of the measured calls, reasoning included.</summary>
    public required long OutputTokens { get; init; }

    /// <summary>Of those, reasoning.</summary>
    public required long ReasoningTokens { get; init; }

    /// <summary>What all calls cost in USD, warm-up included; null where no price is known.</summary>
    public decimal? Cost { get; init; }

    /// <summary>Of the first call on a new connection: the time to the first token.</summary>
    public TimeSpan? ColdTimeToFirstToken { get; init; }

    /// <summary>Questions with checkable answers that were asked.</summary>
    public required int Questions { get; init; }

    /// <summary>Of those, answered right.</summary>
    public required int Correct { get; init; }

    /// <summary>How the answers compare with the first target's; null where nothing was compared.</summary>
    public string? Drift { get; init; }

    /// <summary><c>Pass</c>, <c>Fail</c> or <c>Inconclusive</c> against the baseline; null without one.</summary>
    public string? Verdict { get; init; }

    /// <summary>The verdict metric by metric.</summary>
    public required MetricVerdict[] Verdicts { get; init; }

    /// <summary>The raw samples, for plots.</summary>
    internal IReadOnlyList<CallSample> Samples { get; init; } = [];

    internal static RouteBenchmark From(TargetSummary summary, string loop, IEnumerable<CallSample> samples, AnswerDrift? drift, TargetVerdict? verdict) => new()
    {
        Target = summary.Target,
        Loop = loop,
        Samples = [.. samples.Where(sample => sample.Target == summary.Target)],
        Calls = summary.Calls,
        Failures = summary.Failures,
        Errors = [.. summary.Errors.Select(error => FormattableString.Invariant($"{error.Key}: {error.Value}"))],
        Duration = TimeSpan.FromSeconds(summary.Duration),
        TimeToFirstByte = LatencySummary.From(summary.Headers),
        TimeToFirstToken = LatencySummary.From(summary.FirstDelta),
        TimeToFirstText = LatencySummary.From(summary.FirstText),
        TimePerOutputToken = LatencySummary.From(summary.TimePerOutputToken),
        InterChunkGap = LatencySummary.From(summary.Gaps),
        EndToEnd = LatencySummary.From(summary.EndToEnd),
        SendLag = LatencySummary.From(summary.SendLag),
        TokensPerSecond = summary.TokensPerSecond?.P50,
        Goodput = summary.Goodput,
        GoodShare = summary.Calls == 0 ? 0 : (double)summary.GoodCalls / summary.Calls,
        OutputTokens = summary.OutputTokens,
        ReasoningTokens = summary.ReasoningTokens,
        Cost = summary.Cost,
        ColdTimeToFirstToken = summary.Cold?.FirstDelta is { } cold ? TimeSpan.FromSeconds(cold) : null,
        Questions = summary.Questions,
        Correct = summary.Correct,
        Drift = drift?.Reason,
        Verdict = verdict?.Outcome.ToString(),
        Verdicts = [.. (verdict?.Metrics ?? []).Select(MetricVerdict.From)],
    };
}
