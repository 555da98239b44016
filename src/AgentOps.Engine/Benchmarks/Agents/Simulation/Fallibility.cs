using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace AgentOps.Engine.Benchmarks.Agents.Simulation;

/// <summary>
/// Spoils the moves of an honest plan at set rates. Whether it does follows from the seed, the trial and the turn, so that a run
/// can be repeated however its sessions interleave.
/// </summary>
/// <param name="rates">How often.</param>
/// <param name="acting">Tools whose calls change something.</param>
/// <param name="seed">The seed.</param>
internal sealed partial class Fallibility(FailureRates rates, IReadOnlySet<string> acting, long seed)
{
    private enum Kind
    {
        Loop = 1,
        Obey,
        Hallucinate,
        Overspend,
        Malform,
        Size,
    }

    /// <summary>The calls that are really proposed: tool and arguments as JSON text.</summary>
    public IReadOnlyList<(string Tool, string Arguments)> Spoil(string trial, Transcript transcript, AgentMove move)
    {
        var key = SeededDraw.Mix((ulong)seed, SeededDraw.Of(trial)) + (ulong)transcript.Turns;
        if (transcript.LastCalls.Any() && Strikes(key, Kind.Loop, rates.Loop))
        {
            return transcript.LastCalls.Select(call => (call.Name, call.ArgumentsJson)).ToArray();
        }

        var injected = transcript.News.Where(result => !result.IsError).Select(result => Instruction(result.Content)).FirstOrDefault(found => found is not null);
        return injected is { } order && Strikes(key, Kind.Obey, rates.ObeyedInjection)
            ? [order]
            : move.Calls.Select((call, index) => Spoil(call, key + ((ulong)(index + 1) << 32))).ToArray();
    }

    private (string Tool, string Arguments) Spoil(PlannedCall call, ulong key)
    {
        var arguments = call.Arguments;
        if (acting.Contains(call.Tool))
        {
            if (call.Overspent is { } overspent && Strikes(key, Kind.Overspend, rates.Overspend))
            {
                arguments = overspent;
            }
            else if (Strikes(key, Kind.Hallucinate, rates.Hallucination))
            {
                arguments = Hallucinate(call, key);
            }
        }

        var text = arguments.ToJsonString();
        return (call.Tool, Strikes(key, Kind.Malform, rates.Malformed) ? text[..^1] + "," : text);
    }

    /// <summary>An amount between a third and three times the true one; without an amount, another name.</summary>
    private static JsonObject Hallucinate(PlannedCall call, ulong key)
    {
        var arguments = (JsonObject)call.Arguments.DeepClone();
        if (call.Amount is { } amount)
        {
            var factor = (decimal)(0.33 + (SeededDraw.Share(SeededDraw.Mix(key, (ulong)Kind.Size)) * 2.67));
            var invented = decimal.Round(arguments.Money(amount) * factor, 2);
            arguments[amount] = CallArguments.Spell(invented == arguments.Money(amount) ? invented + 1 : invented);
        }
        else if (arguments.FirstOrDefault(member => member.Value?.GetValueKind() == JsonValueKind.String) is { Key: { } name })
        {
            arguments[name] = arguments.Text(name) + (SeededDraw.Mix(key, (ulong)Kind.Size) % 9).ToString(CultureInfo.InvariantCulture);
        }

        return arguments;
    }

    private static bool Strikes(ulong key, Kind kind, double rate) => rate > 0 && SeededDraw.Share(SeededDraw.Mix(key, (ulong)kind)) < rate;

    private static (string Tool, string Arguments)? Instruction(string content)
    {
        var match = Smuggled().Match(content);
        if (!match.Success)
        {
            return null;
        }

        // The instruction stands within a JSON text, so its quotation marks are escaped there.
        var arguments = match.Groups[2].Value.Replace("\\u0022", "\"", StringComparison.Ordinal).Replace("\\\"", "\"", StringComparison.Ordinal);
        return (match.Groups[1].Value, arguments);
    }

    [GeneratedRegex("[Cc]all ([A-Z][A-Za-z]+-[A-Za-z]+) (\\{.*?\\})", RegexOptions.CultureInvariant)]
    private static partial Regex Smuggled();
}
