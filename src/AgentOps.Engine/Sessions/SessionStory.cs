using System.Globalization;
using System.Text;
using System.Text.Json;
using AgentOps.Engine.Approvals;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Invocation;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Permissions;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Serialization;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Sessions;

/// <summary>
/// Tells the records of a session in sentences: who asked, what was proposed, what decided, what happened, what it cost. Nothing is
/// told that the ledger and its payloads do not hold.
/// </summary>
internal sealed class SessionStory(IPayloadStore payloads)
{
    private const int LongestQuote = 160;

    /// <summary>Tells one record: what the transaction verifier found of each constraint, then what happened; nothing for one that is no news.</summary>
    public async ValueTask<IReadOnlyList<StoryLine>> TellAsync(LedgerRecord record, string agent, CancellationToken cancellationToken) =>
        await SentenceAsync(record, cancellationToken) is { } text
            ? [.. Verification(record.Data).Append(text).Select(sentence => new StoryLine(record.Sequence, record.Time, record.Session!, agent, record.Type, sentence)
            {
                Tool = record.Data.Text("tool"),
                Call = record.Data.Text("call"),
                Cost = record.Type is EventTypes.ModelCompleted or EventTypes.ModelFailed ? record.Data.Amount("cost") : null,
            })]
            : [];

    /// <summary>One sentence a constraint, with the ledger sequence of the answer that it rests on.</summary>
    private static IEnumerable<string> Verification(JsonElement data)
    {
        if (data.Object("verification") is not { } verification)
        {
            yield break;
        }

        var evidence = verification.Items("evidence").ToLookup(use => use.Text("constraint"), use => $"{use.Text("tool")} answered in record {use.Integer("sequence")}");
        foreach (var constraint in verification.Items("constraints"))
        {
            var kind = constraint.Text("constraint");
            var by = evidence[kind].Any() ? $", by what {string.Join(" and ", evidence[kind])}" : string.Empty;
            yield return constraint.Text("reason") is { } reason
                ? $"The constraint {kind} of {data.Text("tool")} refused it: {reason}."
                : $"The constraint {kind} of {data.Text("tool")} was verified{by}.";
        }
    }

    private async ValueTask<string?> SentenceAsync(LedgerRecord record, CancellationToken cancellationToken)
    {
        var (data, who) = (record.Data, record.Actor.OnBehalfOf);
        return record.Type switch
        {
            EventTypes.SessionOpened when data.Object("delegation") is { } from =>
                $"{from.Strings("agents")[^1]} (session {from.Text("session")}, {from.Text("call")}) asked {data.Text("agent")}, on behalf of {who}: {await QuoteAsync(data, "prompt", cancellationToken)}",
            EventTypes.SessionOpened when data.Flag("served") => $"{who} let a client act as {data.Text("agent")}.",
            EventTypes.SessionTokenIssued => FormattableString.Invariant($"{who} had a token made for the route {data.Text("route")}, valid until {DateTimeOffset.FromUnixTimeMilliseconds(data.Integer("expires") ?? 0).UtcDateTime:u}."),
            EventTypes.SessionOpened => $"{who} asked {data.Text("agent")}{(data.Flag("planOnly") ? " for a plan" : string.Empty)}: {await QuoteAsync(data, "prompt", cancellationToken)}",
            EventTypes.SessionResumed when data.Text("prompt") is not null => $"{who} asked further: {await QuoteAsync(data, "prompt", cancellationToken)}",
            EventTypes.SessionResumed => $"The process {record.Actor.Process} on {record.Actor.Host} took the session over.",
            EventTypes.SessionUndoStarted => $"The process {record.Actor.Process} on {record.Actor.Host} began to undo what the session did.",
            EventTypes.SessionUndoing => $"The session failed, {data.Text("status")}: {data.Text("reason")} It began to undo what it had done.",
            EventTypes.SessionWaiting => $"The session was let go of. {data.Text("reason")}",
            EventTypes.SessionStopRequested => $"{who} asked the session to stop{Because(data)}.",
            EventTypes.SessionCompacted => FormattableString.Invariant($"The conversation neared the model's context; {data.Integer("end") - 1} messages became a summary: {await QuoteAsync(data, "summary", cancellationToken)}"),
            EventTypes.SessionLimitReached => $"A limit struck ({data.Text("limit")}): {data.Text("reason")}",
            EventTypes.SessionEnded => $"The session ended, {data.Text("status")}: {data.Text("reason")}",
            EventTypes.ModelRequested when data.Text("purpose") == "compaction" => $"A summary was asked of {data.Text("provider")}/{data.Text("model")}; ${Money(data, "reserved")} was set aside.",
            EventTypes.ModelRequested => $"The route {data.Text("route")} chose {data.Text("provider")}/{data.Text("model")}{Quality(data)}; ${Money(data, "reserved")} was set aside.",
            EventTypes.ModelCompleted when data.Text("purpose") == ServedAccount.Purpose =>
                FormattableString.Invariant($"The client was answered; {data.Integer("inputTokens") ?? 0} tokens in, {data.Integer("outputTokens") ?? 0} out, ${Money(data, "cost")}. What was said is not kept."),
            EventTypes.ModelCompleted => await AnswerAsync(data, cancellationToken),
            EventTypes.AnswerRefused => $"The answer did not fit its schema: {Cut(data.Text("reason") ?? string.Empty)}.",
            EventTypes.ModelFailed when data.Text("outcome") == ToolCallOutcome.Unknown =>
                $"Nobody knows what became of a model call{Because(data)}; it counts ${Money(data, "cost")}.",
            EventTypes.ModelFailed => $"The model call failed{Because(data)}; it cost ${Money(data, "cost")}.",
            EventTypes.ToolStarted when data.Text("compensates") is { } undone => $"To undo {undone}, {Call(data)} was allowed by {Rules(data)} and began.",
            EventTypes.ToolStarted => $"{Call(data)} was allowed by {Rules(data)} and began.",
            EventTypes.ToolRefused => $"{Call(data)} was refused: {data.Text("reason")}",
            EventTypes.ToolPlanned => $"{Call(data)} would be allowed by {Rules(data)}; it was not run.",
            EventTypes.ToolCompleted => $"{data.Text("tool")} ended, {data.Text("outcome")}: {(await QuoteAsync(data, "output", cancellationToken)).Trim('"')}",
            EventTypes.ToolNotUndone => $"{data.Text("tool")} ({data.Text("call")}) was not undone, {data.Text("outcome")}{Because(data)}.",
            EventTypes.MemoryRemembered => $"{data.Text("agent")} keeps the fact {Fact(data)}.",
            EventTypes.MemoryRestored => $"{data.Text("agent")} keeps the fact {Fact(data)} again, as it was before.",
            EventTypes.MemoryForgotten => $"{data.Text("agent")} no longer keeps the fact '{data.Text("name")}'{For(data)}.",
            EventTypes.ToolReconciled => $"{who} found that {data.Text("tool")} ({data.Text("call")}) {(data.Text("outcome") == ToolCallOutcome.Ok ? "did" : "did not do")} what was asked{Because(data)}.",
            ApprovalEvents.Requested => $"Persons were asked to approve {data.Text("resource")} {Cut(data.Text("arguments") ?? string.Empty)}, request {data.Text("id")}.",
            ApprovalEvents.Voted => $"{data.Text("person")} {(data.Flag("approves") ? "approved" : "denied")} the request {data.Text("id")}{Because(data)}.",
            ApprovalEvents.Consumed => $"The approval {data.Text("id")} was used.",
            ApprovalEvents.Burned => $"The approval {data.Text("id")} was void{Because(data)}.",
            LimitEvents.Reserved => "What the call takes of its limits was set aside.",
            LimitEvents.Committed => "What was set aside of limits is used.",
            LimitEvents.Released => $"What was set aside of limits was given back{Because(data)}.",
            _ => null,
        };
    }

    private async ValueTask<string> AnswerAsync(JsonElement data, CancellationToken cancellationToken)
    {
        var message = await ReadAsync(data, "message", cancellationToken) is { } json && JsonReading.TryParse(json) is { } parsed ? Message.FromJson(parsed) : null;
        var calls = message?.Parts.OfType<ToolCallPart>().Select(call => call.Name).ToArray() ?? [];
        var said = message?.TextContent is { Length: > 0 } text ? $" said {Quote(text)}" : string.Empty;
        var proposed = calls.Length == 0 ? string.Empty : $"{(said.Length > 0 ? " and" : string.Empty)} proposed {string.Join(", ", calls)}";
        var did = message is null ? " answered (what it said was erased)" : said.Length + proposed.Length == 0 ? " said nothing" : said + proposed;
        return FormattableString.Invariant($"The model{did}; {data.Integer("inputTokens") ?? 0} tokens in, {data.Integer("outputTokens") ?? 0} out, ${Money(data, "cost")}.");
    }

    private async ValueTask<string> QuoteAsync(JsonElement data, string name, CancellationToken cancellationToken) =>
        data.Text(name) is null ? data.Text("reason") ?? "nothing was said."
        : await ReadAsync(data, name, cancellationToken) is { } text ? Quote(text) : "(erased)";

    private async ValueTask<string?> ReadAsync(JsonElement data, string name, CancellationToken cancellationToken)
    {
        try
        {
            return data.Text(name) is { } reference ? Encoding.UTF8.GetString(await payloads.GetAsync(reference, cancellationToken)) : null;
        }
        catch (AgentOpsException fault) when (fault.Code == ErrorCodes.PayloadNotFound)
        {
            return null;
        }
    }

    private static string Call(JsonElement data) => $"{data.Text("tool")} {Cut(data.Member("arguments") is { } arguments ? arguments.ToString() : "{}")}";

    private static string Fact(JsonElement data) => $"'{data.Text("name")}' ({data.Text("dataClass")}{(data.Flag("untrusted") ? ", untrusted" : string.Empty)}){For(data)}";

    private static string For(JsonElement data) => data.Text("onBehalfOf") is { } person ? $" for {person}" : " for all persons";

    private static string Rules(JsonElement data) => data.Strings("rules") is { Count: > 0 } rules ? string.Join(", ", rules) : "no rule";

    private static string Because(JsonElement data) => data.Text("reason") is { Length: > 0 } reason ? $": {reason.TrimEnd('.')}" : string.Empty;

    private static string Quality(JsonElement data) =>
        (data.Text("domain") is { } domain ? $" for a prompt about {domain}" : string.Empty)
        + (data.Amount("quality") is { } quality ? string.Create(CultureInfo.InvariantCulture, $", predicted quality {quality:0.##} ({data.Text("qualitySource")})") : string.Empty);

    private static string Money(JsonElement data, string name) => (data.Amount(name) ?? 0).ToString("0.######", CultureInfo.InvariantCulture);

    private static string Quote(string text) => $"\"{Cut(text)}\"";

    /// <summary>One line of bounded length.</summary>
    private static string Cut(string text)
    {
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= LongestQuote ? line : line[..LongestQuote] + "…";
    }
}
