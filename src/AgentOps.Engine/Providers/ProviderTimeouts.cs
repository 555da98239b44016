using System.Text.Json.Nodes;

namespace AgentOps.Engine.Providers;

/// <summary>How long a provider may take.</summary>
/// <param name="Connect">To connect.</param>
/// <param name="Idle">Between two pieces of an answer, the first included.</param>
/// <param name="Total">For the whole call.</param>
public sealed record ProviderTimeouts(TimeSpan Connect, TimeSpan Idle, TimeSpan Total)
{
    /// <summary>10 seconds, 2 minutes, 15 minutes.</summary>
    public static ProviderTimeouts Default { get; } =
        new(TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(15));

    /// <summary>Reads <c>timeouts: {connectMs, idleMs, totalMs}</c> of a provider's options; what is absent is the default.</summary>
    public static ProviderTimeouts FromOptions(JsonObject options)
    {
        if (options["timeouts"] is not JsonObject timeouts)
        {
            return Default;
        }

        return new ProviderTimeouts(
            Read(timeouts, "connectMs", Default.Connect),
            Read(timeouts, "idleMs", Default.Idle),
            Read(timeouts, "totalMs", Default.Total));
    }

    private static TimeSpan Read(JsonObject timeouts, string name, TimeSpan otherwise) =>
        timeouts[name] is JsonValue value && value.GetValueKind() == System.Text.Json.JsonValueKind.Number
        && (double)value is var milliseconds and > 0 and < 1e12
            ? TimeSpan.FromMilliseconds(milliseconds)
            : otherwise;
}
