using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace AgentOps.Engine.Telemetry;

/// <summary>
/// Sends spans and metrics by OTLP to the collector that OpenTelemetry's own environment variables name
/// (<c>OTEL_EXPORTER_OTLP_ENDPOINT</c>, <c>_PROTOCOL</c>, <c>_HEADERS</c>, <c>OTEL_SERVICE_NAME</c>, …;
/// opentelemetry.io/docs/specs/otel/protocol/exporter). There is one of it in a process, and none until it is asked for.
/// </summary>
public sealed class TelemetryExport : IDisposable
{
    private static readonly TimeSpan FlushTime = TimeSpan.FromSeconds(2);
    private static readonly string[] Endpoints =
        ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"];

    private static readonly Lazy<TelemetryExport> Process = new(() => new TelemetryExport());

    private readonly TracerProvider _spans;
    private readonly MeterProvider _metrics;

    private TelemetryExport()
    {
        var resource = ResourceBuilder.CreateEmpty()
            .AddService("agentops", serviceVersion: Signals.Version)
            .AddTelemetrySdk()
            .AddEnvironmentVariableDetector();
        _spans = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(Signals.Name).AddOtlpExporter().Build();
        _metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(Signals.Name).AddOtlpExporter().Build();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Dispose();
    }

    /// <summary>Starts the export when the environment asks for it; nothing is loaded otherwise.</summary>
    public static void StartIfAsked()
    {
        if (IsAsked)
        {
            Touch();
        }
    }

    /// <summary>Sends what was gathered until now, in at most two seconds; nothing where no export runs.</summary>
    public static void Flush()
    {
        if (IsAsked)
        {
            FlushStarted();
        }
    }

    /// <summary>Sends the rest, and ends.</summary>
    public void Dispose()
    {
        Both(milliseconds => _spans.Shutdown(milliseconds), milliseconds => _metrics.Shutdown(milliseconds));
        _spans.Dispose();
        _metrics.Dispose();
    }

    private static bool IsAsked =>
        !string.Equals(Environment.GetEnvironmentVariable("OTEL_SDK_DISABLED"), "true", StringComparison.OrdinalIgnoreCase)
        && Array.Exists(Endpoints, name => Environment.GetEnvironmentVariable(name) is { Length: > 0 });

    // Methods of their own: their compilation is what loads OpenTelemetry.
    private static void Touch() => _ = Process.Value;

    private static void FlushStarted()
    {
        if (Process.IsValueCreated)
        {
            var export = Process.Value;
            Both(milliseconds => export._spans.ForceFlush(milliseconds), milliseconds => export._metrics.ForceFlush(milliseconds));
        }
    }

    /// <summary>Does both at once, so that a collector which does not answer costs its time once.</summary>
    private static void Both(Action<int> spans, Action<int> metrics)
    {
        var milliseconds = (int)FlushTime.TotalMilliseconds;
        var other = Task.Run(() => metrics(milliseconds));
        spans(milliseconds);
        other.Wait(FlushTime);
    }
}
