using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Agents;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Serialization;
using AgentOps.Engine.Sessions;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Invocation;

/// <summary>
/// A session's conversation: a projection of its records and the payloads that they name, so that any process can go on with it.
/// The calls that a model proposes are counted through the whole session, in order; the n-th is <c>c&lt;n&gt;</c> in the ledger.
/// </summary>
internal sealed class Conversation
{
    private const char CallPrefix = 'c';

    private readonly List<Message> _messages = [];
    private readonly Dictionary<string, ToolResultPart> _replies = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonElement> _arguments = new(StringComparer.Ordinal);
    private readonly List<RecordedOutput> _outputs = [];
    private readonly Dictionary<string, string> _tools = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _undoes = new(StringComparer.Ordinal);
    private readonly List<string> _undone = [];
    private ToolCallPart[] _open = [];
    private InvocationLimits _limits = new();

    /// <summary>All that was said, oldest first, without the agent's instructions.</summary>
    public IReadOnlyList<Message> Messages => _messages;

    /// <summary>The calls of the last message, when not all of them have been answered.</summary>
    public IReadOnlyList<ToolCallPart> Open => _open;

    /// <summary>What tools answered, for the transaction verifier: calls that succeeded, oldest first.</summary>
    public IReadOnlyList<RecordedOutput> Outputs => _outputs;

    /// <summary>How many calls were proposed before <see cref="Open"/>.</summary>
    public int Proposed { get; private set; }

    /// <summary>The bounds, counted from the session's beginning: those of the last prompt on top of what was used before it.</summary>
    public InvocationLimits Limits => _limits;

    /// <summary>Whether only a plan was asked for.</summary>
    public bool PlanOnly { get; private set; }

    /// <summary>The schema that the answer to the last prompt must fit; null for an answer in words.</summary>
    public AnswerSchema? OutputSchema { get; private set; }

    /// <summary>Answers to the last prompt that did not fit it.</summary>
    public int Misfits { get; private set; }

    /// <summary>The model's last words.</summary>
    public string Answer { get; private set; } = string.Empty;

    /// <summary>Input tokens so far.</summary>
    public long InputTokens { get; private set; }

    /// <summary>Output tokens so far.</summary>
    public long OutputTokens { get; private set; }

    /// <summary>Model calls so far.</summary>
    public int Steps { get; private set; }

    /// <summary>Calls that ran.</summary>
    public int Executed { get; private set; }

    /// <summary>Calls that were refused.</summary>
    public int Refused { get; private set; }

    /// <summary>Calls that were only planned.</summary>
    public int Planned { get; private set; }

    /// <summary>The id of a call in the ledger.</summary>
    /// <param name="number">Its number within the session, from 1.</param>
    public static string CallId(int number) => FormattableString.Invariant($"{CallPrefix}{number}");

    /// <summary>A conversation that begins.</summary>
    public static Conversation Begin(string prompt, InvocationLimits limits, bool planOnly, AnswerSchema? outputSchema)
    {
        var conversation = new Conversation { _limits = limits, PlanOnly = planOnly, OutputSchema = outputSchema };
        conversation._messages.Add(Message.Text(MessageRole.User, prompt));
        return conversation;
    }

    /// <summary>Reads a session's conversation from the ledger.</summary>
    /// <exception cref="Errors.AgentOpsException"><c>PayloadNotFound</c> when a part of it was erased; a fault of the store.</exception>
    public static async Task<Conversation> ReadAsync(ILedgerStore ledger, IPayloadStore payloads, SessionState session, CancellationToken cancellationToken)
    {
        var conversation = new Conversation();
        var query = new LedgerQuery { Session = session.Id, FromSequence = session.FirstSequence };
        await foreach (var record in ledger.ReadAsync(query, cancellationToken))
        {
            await conversation.AddAsync(record, payloads, cancellationToken);
        }

        if (conversation._open.Length > 0 && conversation._open.Select((_, index) => index).All(index => conversation.ReplyOf(index) is not null))
        {
            conversation.Close();
        }

        return conversation;
    }

    /// <summary>What was said to a call of <see cref="Open"/>; null when nothing was yet.</summary>
    /// <param name="index">Its place among them, from 0.</param>
    public ToolResultPart? ReplyOf(int index) => _replies.GetValueOrDefault(CallId(Proposed + index + 1));

    private async ValueTask AddAsync(LedgerRecord record, IPayloadStore payloads, CancellationToken cancellationToken)
    {
        var data = record.Data;
        switch (record.Type)
        {
            case EventTypes.SessionOpened or EventTypes.SessionResumed:
                await PromptAsync(data, payloads, cancellationToken);
                break;
            case EventTypes.ModelRequested:
                Steps++;
                break;
            case EventTypes.ModelCompleted when data.Text("purpose") is not null:
                Count(data);
                break;
            case EventTypes.SessionCompacted:
                Close();
                var compacted = Compaction.Apply(_messages, (int)data.Integer("end")!.Value, Encoding.UTF8.GetString(await payloads.GetAsync(data.RequiredText("summary"), cancellationToken)));
                _messages.Clear();
                _messages.AddRange(compacted);
                break;
            case EventTypes.ModelCompleted:
                Close();
                Add(Message.FromJson(Parse(await payloads.GetAsync(data.RequiredText("message"), cancellationToken))));
                Count(data);
                break;
            case EventTypes.ToolStarted or EventTypes.ToolRefused or EventTypes.ToolCompleted or EventTypes.ToolReconciled when !IsOfModel(data):
                Undo(data);
                break;
            case EventTypes.ToolStarted:
                Executed++;
                _tools[data.RequiredText("call")] = data.RequiredText("tool");
                if (data.Member("arguments") is { ValueKind: JsonValueKind.Object } arguments)
                {
                    _arguments[data.RequiredText("call")] = arguments;
                }

                break;
            case EventTypes.ToolRefused:
                Refused++;
                Reply(data, call => ToolReply.Refused(call, data.Text("reason") ?? string.Empty));
                break;
            case EventTypes.ToolPlanned:
                Planned++;
                Reply(data, ToolReply.Planned);
                break;
            case EventTypes.ToolCompleted:
                var content = data.Text("output") is { } output ? Encoding.UTF8.GetString(await payloads.GetAsync(output, cancellationToken)) : data.Text("reason") ?? string.Empty;
                Reply(data, call => ToolReply.Completed(call, content, data.Text("outcome") == ToolCallOutcome.Ok));
                if (data.Text("outcome") == ToolCallOutcome.Ok && _arguments.TryGetValue(data.RequiredText("call"), out var given))
                {
                    _outputs.Add(new RecordedOutput(record.Sequence, record.Time, data.RequiredText("tool"), given, content, data.Flag("truncated")));
                }

                break;
            case EventTypes.AnswerRefused:
                Misfits++;
                _messages.Add(AnswerWords.Correction(data.RequiredText("reason")));
                break;
            case EventTypes.ToolReconciled:
                Reply(data, call => ToolReply.Reconciled(call, data.RequiredText("outcome")));
                break;
        }
    }

    private void Count(JsonElement data)
    {
        InputTokens += data.Integer("inputTokens") ?? 0;
        OutputTokens += data.Integer("outputTokens") ?? 0;
    }

    /// <summary>What was undone is told with the next prompt, for until then the model takes what it did to stand.</summary>
    private void Undo(JsonElement data)
    {
        if (data.Text("compensates") is { } undone)
        {
            _undoes[data.RequiredText("call")] = undone;
        }
        else if (data.Text("outcome") == ToolCallOutcome.Ok && _undoes.Remove(data.RequiredText("call"), out var call) && _tools.TryGetValue(call, out var tool))
        {
            _undone.Add(tool);
        }
    }

    /// <summary>Calls that undo others are not the model's.</summary>
    private static bool IsOfModel(JsonElement data) => data.RequiredText("call").StartsWith(CallPrefix);

    private async ValueTask PromptAsync(JsonElement data, IPayloadStore payloads, CancellationToken cancellationToken)
    {
        if (data.Text("prompt") is not { } reference)
        {
            return;
        }

        Close();
        var prompt = Encoding.UTF8.GetString(await payloads.GetAsync(reference, cancellationToken));
        _messages.Add(Message.Text(MessageRole.User, _undone.Count == 0 ? prompt : $"(Since then these calls were undone: {string.Join(", ", _undone)}. What they did no longer stands.)\n\n{prompt}"));
        _undone.Clear();
        PlanOnly = data.Flag("planOnly");
        Misfits = 0;
        OutputSchema = data.Text("outputSchema") is { } schema
            ? AnswerSchema.Parse(JsonNode.Parse(await payloads.GetAsync(schema, cancellationToken))!.AsObject())
            : null;
        var limits = data.Object("limits") is { } given ? InvocationLimits.FromJson(given) : new();
        _limits = limits with
        {
            MaxSteps = (int)Math.Min((long)limits.MaxSteps + Steps, int.MaxValue),
            MaxToolCalls = (int)Math.Min((long)limits.MaxToolCalls + Proposed, int.MaxValue),
            MaxCost = limits.MaxCost + (data.Amount("cost") ?? 0),
        };
    }

    private void Add(Message message)
    {
        _messages.Add(message);
        _open = message.Parts.OfType<ToolCallPart>().ToArray();
        Answer = message.TextContent is { Length: > 0 } text ? text : Answer;
    }

    private void Reply(JsonElement data, Func<ToolCallPart, ToolResultPart> reply)
    {
        var id = data.RequiredText("call");
        var index = int.Parse(id.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture) - Proposed - 1;
        if (index >= 0 && index < _open.Length)
        {
            _replies[id] = reply(_open[index]);
        }
    }

    /// <summary>The answers to the last message's calls become a message of their own; vendors want one for every call.</summary>
    private void Close()
    {
        if (_open.Length > 0)
        {
            _messages.Add(new Message(MessageRole.Tool, _open.Select((call, index) => (MessagePart)(ReplyOf(index) ?? ToolReply.NotReached(call))).ToArray()));
            Proposed += _open.Length;
            _open = [];
            _replies.Clear();
        }
    }

    private static JsonElement Parse(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
