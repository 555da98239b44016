using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Telemetry;

/// <summary>Span and metrics of one model call, from the event that settles it.</summary>
internal static class ModelSignals
{
    /// <summary>Tells of a call outside of a session's own run, once it has ended; nothing when nobody listens.</summary>
    public static void Record(WorkspaceState state, NewEvent settled, TimeSpan duration)
    {
        var data = settled.Data;
        if (Signals.AreWanted)
        {
            var model = (string?)data["model"];
            var span = Signals.Source.StartActivity(
                model is null ? "chat" : $"chat {model}",
                ActivityKind.Client,
                Activity.Current?.Context ?? default,
                [new(SignalNames.Operation, "chat"), new(SignalNames.Route, (string?)data["route"])],
                startTime: DateTimeOffset.UtcNow - duration);
            span?.SetTag(SignalNames.Agent, settled.Agent).SetTag(SignalNames.Conversation, settled.Session).SetTag(SignalNames.Task, settled.Task);
            End(span, state, data, settled.Type == EventTypes.ModelCompleted, duration, settled.Agent);
        }
    }

    /// <summary>Records the metrics of a call, and ends its span.</summary>
    public static void End(Activity? span, WorkspaceState state, JsonObject data, bool isWhole, TimeSpan duration, string? agent)
    {
        var (input, output) = ((long?)data["inputTokens"] ?? 0, (long?)data["outputTokens"] ?? 0);
        var cost = decimal.TryParse((string?)data["cost"], NumberStyles.Number, CultureInfo.InvariantCulture, out var exact) ? (double)exact : 0;
        var called = new TagList
        {
            { SignalNames.Operation, "chat" },
            { SignalNames.Provider, ProviderName.Of(state, (string?)data["provider"]) },
            { SignalNames.RequestModel, span?.GetTagItem(SignalNames.RequestModel) ?? (string?)data["model"] },
            { SignalNames.ResponseModel, (string?)data["model"] },
        };
        Signals.Tokens.Record(input, [.. called, new(SignalNames.TokenType, "input")]);
        Signals.Tokens.Record(output, [.. called, new(SignalNames.TokenType, "output")]);
        if (!isWhole)
        {
            called.Add(SignalNames.ErrorType, "_OTHER");
        }

        Signals.Duration.Record(duration.TotalSeconds, called);
        Signals.Spend.Add(cost, [.. called, new(SignalNames.Agent, agent), new(SignalNames.Route, (string?)data["route"])]);
        if (span is null)
        {
            return;
        }

        foreach (var (name, value) in called)
        {
            span.SetTag(name, value);
        }

        span.SetTag(SignalNames.InputTokens, input).SetTag(SignalNames.OutputTokens, output).SetTag(SignalNames.Cost, cost);
        if ((string?)data["stop"] is { } stop)
        {
            span.SetTag(SignalNames.FinishReasons, new[] { stop });
        }

        span.SetStatus(isWhole ? ActivityStatusCode.Unset : ActivityStatusCode.Error);
        span.Dispose();
    }
}
