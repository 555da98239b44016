using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Serialization;

namespace AgentOps.Engine.Tools.Isolation;

/// <summary>What a tool demands of its isolation, and what it is given in spite of it.</summary>
public sealed record ToolIsolation
{
    /// <summary>Nothing demanded, nothing given: the strongest that the host offers.</summary>
    public static ToolIsolation Default { get; } = new();

    /// <summary>
    /// <see cref="IsolationLevel.Sandbox"/>: refused where the host offers less. <see cref="IsolationLevel.Process"/>: never confined,
    /// for a program that the administrator vouches for. Null: the strongest that the host offers.
    /// </summary>
    public IsolationLevel? Level { get; init; }

    /// <summary>Whether it reaches the host's network; else it has a loopback of its own.</summary>
    public bool Network { get; init; }

    /// <summary>
    /// Folders and files that it may write, absolute; <c>{Name}</c> is the path in that argument, or the folder above it where there
    /// is nothing yet.
    /// </summary>
    public IReadOnlyList<string> Write { get; init; } = [];

    /// <summary>
    /// Whether its path arguments are given to it as the very files that they led to when the call was decided, read-only, at a place that
    /// only its sandbox has; needs the level <see cref="IsolationLevel.Sandbox"/>.
    /// </summary>
    public bool Pin { get; init; }

    /// <summary>The JSON that a ledger record carries; null for the default.</summary>
    internal JsonObject? ToJson() => Level is null && !Network && Write.Count == 0 && !Pin
        ? null
        : new JsonObject().With("level", Level?.ToString().ToLowerInvariant()).With("network", Network).With("write", Write).With("pin", Pin);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    internal static ToolIsolation FromJson(JsonElement? element) => element is { } json
        ? new ToolIsolation
        {
            Level = json.Text("level") is { } level ? Enum.Parse<IsolationLevel>(level, ignoreCase: true) : null,
            Network = json.Flag("network"),
            Write = json.Strings("write"),
            Pin = json.Flag("pin"),
        }
        : Default;
}
