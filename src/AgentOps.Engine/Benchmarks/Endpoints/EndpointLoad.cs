using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Providers;

namespace AgentOps.Engine.Benchmarks.Endpoints;

/// <summary>The load of an endpoint benchmark: the same for every target.</summary>
public sealed record EndpointLoad
{
    /// <summary>Open by default.</summary>
    public LoadKind Kind { get; init; }

    /// <summary>Measured calls a target.</summary>
    public int Calls { get; init; } = 100;

    /// <summary>Open loop: calls a second and target.</summary>
    public double RequestRate { get; init; } = 1;

    /// <summary>
    /// Open loop: the coefficient of variation of the gaps between calls. 1 is a Poisson process; above it the gaps are
    /// gamma-distributed and calls come in bursts.
    /// </summary>
    public double Burstiness { get; init; } = 1;

    /// <summary>Closed loop: callers a target.</summary>
    public int Concurrency { get; init; } = 1;

    /// <summary>Slots of time that the calls are divided into evenly: the unit of the regression gate.</summary>
    public int Slots { get; init; } = 10;

    /// <summary>Warm-up calls a connection.</summary>
    public int WarmUpCalls { get; init; } = 5;

    /// <summary>Questions with checkable answers a target; 0: none.</summary>
    public int Questions { get; init; }

    /// <summary>The limit of an answer, in tokens.</summary>
    public int MaxOutputTokens { get; init; } = 256;

    /// <summary>The prompts, taken in turn; every target gets the same.</summary>
    public IReadOnlyList<string> Prompts { get; init; } = StandardPrompts.All;

    /// <summary>The seed of arrivals and questions.</summary>
    public int Seed { get; init; } = 42;

    /// <summary>How long the open loop lasts, as planned; zero for a closed loop.</summary>
    public TimeSpan PlannedDuration => Kind == LoadKind.Open ? TimeSpan.FromSeconds(Calls / RequestRate) : TimeSpan.Zero;

    /// <summary>Says what is wrong, before anything is called.</summary>
    /// <exception cref="AgentOpsException"><c>BenchmarkInvalid</c>.</exception>
    public void Require()
    {
        Check(Calls >= 1, $"{Calls} calls can't be measured; ask for 1 or more");
        Check(Slots >= 1 && Slots <= Calls, $"{Calls} calls can't be divided into {Slots} slots; each slot needs a call");
        Check(Kind == LoadKind.Closed || (RequestRate > 0 && double.IsFinite(RequestRate)), "the request rate must be above 0");
        Check(Burstiness > 0 && double.IsFinite(Burstiness), "the burstiness must be above 0");
        Check(Concurrency >= 1, "a closed loop needs 1 caller or more");
        Check(WarmUpCalls >= 0 && Questions >= 0 && MaxOutputTokens >= 1, "counts can't be negative, and an answer needs a token");
        Check(Prompts.Count > 0 && Prompts.All(prompt => prompt.Length > 0), "there is no prompt, or an empty one");

        static void Check(bool holds, string what)
        {
            if (!holds)
            {
                throw new AgentOpsException(ErrorCodes.BenchmarkInvalid, $"The benchmark can't run: {what}.");
            }
        }
    }

    /// <summary>The JSON form; prompts by digest, so that two loads are the same exactly when this is.</summary>
    public JsonObject ToJson() => new()
    {
        ["kind"] = Kind == LoadKind.Open ? "open" : "closed",
        ["calls"] = Calls,
        ["requestRate"] = Kind == LoadKind.Open ? RequestRate : null,
        ["burstiness"] = Kind == LoadKind.Open ? Burstiness : null,
        ["concurrency"] = Kind == LoadKind.Closed ? Concurrency : null,
        ["slots"] = Slots,
        ["warmUpCalls"] = WarmUpCalls,
        ["questions"] = Questions,
        ["maxOutputTokens"] = MaxOutputTokens,
        ["prompts"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', Prompts))))[..16],
        ["seed"] = Seed,
    };

    /// <summary>What must be equal for two runs to be comparable, in words; the number of slots may differ.</summary>
    internal static string Conditions(JsonElement load) => string.Create(CultureInfo.InvariantCulture,
        $"{load.Text("kind")} loop, {(load.Text("kind") == "open" ? $"{load.Amount("requestRate")}/s, burstiness {load.Amount("burstiness")}" : $"concurrency {load.Amount("concurrency")}")}, {(double)(load.Integer("calls") ?? 0) / (load.Integer("slots") ?? 1):0.##} calls a slot, {load.Integer("maxOutputTokens")} tokens, prompts {load.Text("prompts")}");
}
