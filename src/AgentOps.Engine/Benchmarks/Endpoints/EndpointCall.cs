using AgentOps.Engine.Providers;
using AgentOps.Engine.Routing;

namespace AgentOps.Engine.Benchmarks.Endpoints;

/// <summary>Makes one call and times it.</summary>
internal static class EndpointCall
{
    /// <summary>Never throws but when it is cancelled: a failed call is a sample too.</summary>
    /// <param name="target">Whom to call.</param>
    /// <param name="planned">What for.</param>
    /// <param name="maxOutputTokens">The limit of the answer.</param>
    /// <param name="zero">The start of the run, a timestamp.</param>
    /// <param name="intended">The intended start, a timestamp; null: now.</param>
    /// <param name="time">The clock.</param>
    /// <param name="ct">Gives the call up.</param>
    public static async Task<CallSample> RunAsync(
        EndpointTarget target, PlannedCall planned, int maxOutputTokens, long zero, long? intended, TimeProvider time, CancellationToken ct)
    {
        var sent = time.GetTimestamp();
        var start = intended ?? sent;
        long? headers = null, first = null, text = null;
        var reasoning = false;
        var stamps = new List<long>(64);
        var output = new OutputMeter();
        var answer = planned.Answer is null ? null : new System.Text.StringBuilder();
        ModelCompleted? end = null;
        CallError? error = null;
        FaultKind? fault = null;
        string? detail = null;
        var request = new ModelRequest
        {
            Model = target.Model,
            Messages = [Message.Text(MessageRole.User, planned.Prompt)],
            MaxOutputTokens = maxOutputTokens,
            HeadersArrived = () => headers ??= time.GetTimestamp(),
        };
        try
        {
            await foreach (var item in target.Provider.StreamAsync(request, ct).ConfigureAwait(false))
            {
                var now = time.GetTimestamp();
                switch (item)
                {
                    case TextDelta { Text.Length: > 0 } delta:
                        text ??= now;
                        stamps.Add(now);
                        output.Add(delta.Text);
                        answer?.Append(delta.Text);
                        break;
                    case ReasoningDelta { Text.Length: > 0 } delta:
                        reasoning = true;
                        stamps.Add(now);
                        output.Add(delta.Text);
                        break;
                    case ToolCallProposed proposed:
                        stamps.Add(now);
                        output.Add(proposed.Call);
                        break;
                    case ModelCompleted completed:
                        end = completed;
                        break;
                }
            }

            first = stamps.Count > 0 ? stamps[0] : null;
            (error, detail) = end switch
            {
                null => (CallError.Malformed, "The answer ended without a stop reason."),
                { Reason: StopReason.ContentFilter } => (CallError.Filter, "The answer was filtered."),
                { Reason: StopReason.Malformed } => (CallError.Malformed, "The model's tool call could not be read."),
                _ => ((CallError?)null, (string?)null),
            };
        }
        catch (ProviderFaultException exception)
        {
            first = stamps.Count > 0 ? stamps[0] : null;
            (error, fault, detail) = (ClassOf(exception.Fault.Kind), exception.Fault.Kind, exception.Fault.Detail);
        }

        var ended = time.GetTimestamp();
        var usage = end?.Usage ?? (first is null ? Usage.Zero : output.Estimate(request));
        return new CallSample
        {
            Target = target.Name,
            Phase = planned.Phase,
            Index = planned.Index,
            Slot = planned.Slot,
            Intended = Since(zero, start),
            SendLag = Since(start, sent),
            Headers = headers is { } h ? Since(start, h) : null,
            FirstDelta = first is { } f ? Since(start, f) : null,
            FirstText = text is { } t ? Since(start, t) : null,
            EndToEnd = Since(start, ended),
            Gaps = [.. stamps.Zip(stamps.Skip(1), Since)],
            Usage = usage,
            HasReasoningDeltas = reasoning,
            Cost = target.Price is null ? null : CostCalculator.Cost(usage, target.Price),
            Error = error,
            Fault = fault,
            Detail = detail,
            IsCorrect = planned.Answer is null ? null : error is null && Drift.DriftQuestions.IsCorrect(answer!.ToString(), planned.Answer),
        };

        double Since(long from, long to) => time.GetElapsedTime(from, to).TotalSeconds;
    }

    private static CallError ClassOf(FaultKind kind) => kind switch
    {
        FaultKind.TimedOut => CallError.Timeout,
        FaultKind.RateLimited or FaultKind.QuotaExhausted => CallError.RateLimit,
        FaultKind.ServerError or FaultKind.Overloaded => CallError.Server,
        FaultKind.ContentFiltered => CallError.Filter,
        FaultKind.Protocol or FaultKind.Interrupted => CallError.Malformed,
        FaultKind.Unreachable => CallError.Connection,
        _ => CallError.Refused,
    };
}
