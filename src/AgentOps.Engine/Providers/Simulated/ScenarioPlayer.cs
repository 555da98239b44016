using System.Collections.Concurrent;

namespace AgentOps.Engine.Providers.Simulated;

/// <summary>Plays a scenario: from a conversation to the next turn. Safe for any number of threads.</summary>
/// <param name="scenario">The script.</param>
public sealed class ScenarioPlayer(Scenario scenario)
{
    private const int RememberedAttempts = 100_000;

    private readonly ConcurrentDictionary<(string Session, int Turn, int Step), int> _attempts = new();
    private long _calls;

    /// <summary>The next turn of the conversation. Only faults remember anything: how often they struck.</summary>
    public ScenarioTurn Next(ModelRequest request)
    {
        var (index, turn) = Select(request.Messages);
        var step = index < 0 ? null : scenario.Steps[index];
        var say = step is null ? scenario.Final : step.Say ?? "";
        var text = ScenarioTemplate.Fill(say, request.Messages, turn);
        var reason = ScenarioTemplate.Fill(step?.Reason ?? "", request.Messages, turn);
        var fault = FaultOf(step, index, turn, request);
        var proposed = Calls(step, request.Messages, turn, fault?.Kind == ScenarioFaultKind.MalformedArguments);
        return new ScenarioTurn(
            turn,
            reason,
            Pieces(text),
            proposed,
            step?.Stop ?? (proposed.Length > 0 ? StopReason.ToolUse : StopReason.EndTurn),
            step?.Usage ?? EstimatedUsage(request, text, reason, proposed),
            fault,
            step?.FirstToken ?? scenario.FirstToken,
            step?.PerToken ?? scenario.PerToken);
    }

    // Replays the conversation: each earlier answer used up the step that it must have come from.
    private (int Step, int Turn) Select(IReadOnlyList<Message> conversation)
    {
        var messages = conversation as Message[] ?? [.. conversation];
        Span<bool> used = scenario.Steps.Count <= 256 ? stackalloc bool[scenario.Steps.Count] : new bool[scenario.Steps.Count];
        var turn = 1;
        var since = 0;
        for (var index = 0; index < messages.Length; index++)
        {
            if (messages[index].Role != MessageRole.Assistant)
            {
                continue;
            }

            var played = Select(turn, messages.AsSpan(since, index - since), used);
            if (played >= 0)
            {
                used[played] = true;
            }

            turn++;
            since = index + 1;
        }

        return (Select(turn, messages.AsSpan(since), used), turn);
    }

    private int Select(int turn, ReadOnlySpan<Message> sinceLastAnswer, ReadOnlySpan<bool> used)
    {
        var next = -1;
        for (var index = 0; index < scenario.Steps.Count; index++)
        {
            var step = scenario.Steps[index];
            if (used[index] && !step.Repeat)
            {
                continue;
            }

            if (step.When is null)
            {
                next = next < 0 ? index : next;
            }
            else if (step.When.Holds(turn, sinceLastAnswer))
            {
                return index;
            }
        }

        return next;
    }

    private static ToolCallPart[] Calls(ScenarioStep? step, IReadOnlyList<Message> messages, int turn, bool malformed)
    {
        if (step is null || step.Calls.Count == 0)
        {
            return [];
        }

        var calls = new ToolCallPart[step.Calls.Count];
        for (var index = 0; index < calls.Length; index++)
        {
            var call = step.Calls[index];
            var arguments = ScenarioTemplate.Fill(call.ArgumentsJson, messages, turn, insideJson: true);
            calls[index] = new ToolCallPart(
                string.Create(System.Globalization.CultureInfo.InvariantCulture, $"call_{turn}_{index + 1}"),
                call.Tool,
                malformed ? arguments[..(arguments.Length - 1)] + "," : arguments);
        }

        return calls;
    }

    private ScenarioFault? FaultOf(ScenarioStep? step, int index, int turn, ModelRequest request)
    {
        if (step?.Fault is { } scripted)
        {
            if (scripted.Times < 0)
            {
                return scripted;
            }

            if (_attempts.Count >= RememberedAttempts)
            {
                _attempts.Clear();
            }

            var attempt = _attempts.AddOrUpdate((request.Session ?? "", turn, index), 1, static (_, before) => before + 1);
            return attempt <= scripted.Times ? scripted : null;
        }

        if (scenario.FaultRate <= 0 || scenario.RandomFaults.Count == 0)
        {
            return null;
        }

        var draw = Mix((ulong)scenario.Seed ^ Mix((ulong)Interlocked.Increment(ref _calls)));
        return (draw >> 11) * (1.0 / (1UL << 53)) < scenario.FaultRate
            ? scenario.RandomFaults[(int)(Mix(draw) % (ulong)scenario.RandomFaults.Count)]
            : null;
    }

    // SplitMix64: a seed and a counter give an even draw on any machine.
    private static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    // A piece is a word with the white space before it, which is about what a token is.
    private static List<string> Pieces(string text)
    {
        var pieces = new List<string>();
        var start = 0;
        for (var index = 1; index < text.Length; index++)
        {
            if (char.IsWhiteSpace(text[index]) && !char.IsWhiteSpace(text[index - 1]))
            {
                pieces.Add(text[start..index]);
                start = index;
            }
        }

        if (start < text.Length)
        {
            pieces.Add(text[start..]);
        }

        return pieces;
    }

    private static Usage EstimatedUsage(ModelRequest request, string text, string reason, ToolCallPart[] calls)
    {
        var reasoning = TokenEstimate.OfText(reason);
        var output = TokenEstimate.OfText(text) + reasoning;
        foreach (var call in calls)
        {
            output += TokenEstimate.OfPart(call);
        }

        // What a simulated model reports is its usage: an estimate only for a model that has another tokenizer.
        return new Usage(TokenEstimate.OfPrompt(request), output, ReasoningTokens: reasoning);
    }
}
