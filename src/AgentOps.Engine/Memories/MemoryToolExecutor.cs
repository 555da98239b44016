using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Identity;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Routing;
using AgentOps.Engine.Serialization;
using AgentOps.Engine.Sessions;
using AgentOps.Engine.Tools;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Memories;

/// <summary>
/// Runs Memory tools. A fact bears the data class and the taint that its session has in the very append that records it, and gives
/// both to whoever recalls it; it is written and seen only within the clearance of every agent of the chain. What is above it does
/// not exist for the model.
/// </summary>
internal sealed class MemoryToolExecutor(WorkspaceLedger ledger, IPayloadStore payloads, SecretRedactor redactor) : IToolExecutor
{
    // What is recalled is for a model to read, not for a page of the web: it is escaped no further than JSON demands.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <inheritdoc/>
    public ToolKind Kind => ToolKind.Memory;

    /// <inheritdoc/>
    public string Isolation => "nothing runs; facts are kept in the store";

    /// <inheritdoc/>
    public bool NeedsFolder => false;

    /// <inheritdoc/>
    public async ValueTask<ToolOutcome> ExecuteAsync(ToolInvocation invocation, CancellationToken cancellationToken)
    {
        var tool = MemoryTool.FromSettings(invocation.Tool.Settings)!;
        var person = tool.IsShared ? null : invocation.Caller.OnBehalfOf;
        var name = Text(invocation, MemoryTool.NameParameter);
        if (invocation.Caller.Compensates is not null && tool.Operation != MemoryOperation.Recall
            && await new MemoryRestoration(ledger).UndoAsync(invocation, person, name!, cancellationToken) is { } refused)
        {
            return refused.Length == 0 ? Done(name!) : Failed($"{refused} Nothing was changed.");
        }

        return tool.Operation switch
        {
            MemoryOperation.Remember => await RememberAsync(invocation, person, name!, cancellationToken),
            MemoryOperation.Forget => await ForgetAsync(invocation, person, name!, cancellationToken),
            _ when name is null => List(await ledger.RefreshAsync(cancellationToken), invocation, person),
            _ => await RecallAsync(await ledger.RefreshAsync(cancellationToken), invocation, person, name, cancellationToken),
        };
    }

    private async ValueTask<ToolOutcome> RememberAsync(ToolInvocation invocation, string? person, string name, CancellationToken cancellationToken)
    {
        var value = Encoding.UTF8.GetBytes(redactor.Redact(Text(invocation, MemoryTool.ValueParameter) ?? string.Empty));
        if (value.Length is 0 or > MemoryLimits.MaxValueBytes)
        {
            return Failed(string.Create(CultureInfo.InvariantCulture, $"A fact has from 1 to {MemoryLimits.MaxValueBytes} bytes; this one has {value.Length}. Nothing was kept."));
        }

        // Durable before the record that names it.
        var reference = await payloads.PutAsync(value, cancellationToken);
        return await ChangeAsync(invocation, name, (state, session, add) =>
        {
            if (DataClasses.RankOfData(session.DataClass) > Clearance(state, session))
            {
                return "This session has seen what is too secret for the agent to keep. Nothing was kept.";
            }

            var facts = state.Memory.Of(session.Agent, person);
            if (facts.Count >= MemoryLimits.MaxFacts && !facts.ContainsKey(name))
            {
                return string.Create(CultureInfo.InvariantCulture, $"{MemoryLimits.MaxFacts} facts are kept already, which is the most. Nothing was kept; replace one of them, or let one be forgotten.");
            }

            add(EventTypes.MemoryRemembered, MemoryState.ToJson(new MemoryFact
            {
                Agent = session.Agent,
                OnBehalfOf = person,
                Name = name,
                Value = reference,
                Bytes = value.Length,
                DataClass = session.DataClass,
                IsUntrusted = session.IsTainted,
                Session = session.Id,
                Written = default,
                Sequence = 0,
            }).With("before", facts.GetValueOrDefault(name)?.Sequence));
            return null;
        }, cancellationToken);
    }

    private ValueTask<ToolOutcome> ForgetAsync(ToolInvocation invocation, string? person, string name, CancellationToken cancellationToken) =>
        ChangeAsync(invocation, name, (state, session, add) =>
        {
            if (Find(state, session, person, name) is not { } fact)
            {
                return Missing(name);
            }

            add(EventTypes.MemoryForgotten, MemoryState.Named(fact.Agent, fact.OnBehalfOf, fact.Name).With("before", fact.Sequence));
            return null;
        }, cancellationToken);

    /// <summary>Changes facts in one critical section, in which the session still may act.</summary>
    private ValueTask<ToolOutcome> ChangeAsync(
        ToolInvocation invocation, string name, Func<WorkspaceState, SessionState, Action<string, JsonObject>, string?> change, CancellationToken cancellationToken) =>
        ledger.TransactAsync(
            (state, transaction) =>
            {
                if (invocation.WhyStopped(state) is { } stopped)
                {
                    return Failed($"{stopped} Nothing was changed.");
                }

                var session = state.Sessions[invocation.Session];
                var refused = change(state, session, (type, data) => transaction.Add(session.Record(type, data.With("call", invocation.Caller.Call))));
                return refused is null ? Done(name) : Failed(refused);
            },
            cancellationToken);

    private async ValueTask<ToolOutcome> RecallAsync(WorkspaceState state, ToolInvocation invocation, string? person, string name, CancellationToken cancellationToken)
    {
        if (Find(state, state.Sessions[invocation.Session], person, name) is not { } fact)
        {
            return Failed(Missing(name));
        }

        ToolOutcome outcome;
        try
        {
            var value = Encoding.UTF8.GetString(await payloads.GetAsync(fact.Value, cancellationToken));
            outcome = Cut(invocation.Tool, Write(writer =>
            {
                Describe(writer, fact);
                writer.WriteString("value", value);
            }));
        }
        catch (AgentOpsException fault) when (fault.Code == ErrorCodes.PayloadNotFound)
        {
            outcome = Failed($"What was kept as '{fact.Name}' was erased.");
        }

        return outcome with { DataClass = fact.DataClass, IsUntrusted = fact.IsUntrusted };
    }

    /// <summary>The names that the session may see. They too were written by who may have seen secrets, or was told what to write.</summary>
    private static ToolOutcome List(WorkspaceState state, ToolInvocation invocation, string? person)
    {
        var session = state.Sessions[invocation.Session];
        var facts = state.Memory.Of(session.Agent, person).Values.Where(fact => IsVisible(state, session, fact)).OrderBy(fact => fact.Name, StringComparer.OrdinalIgnoreCase).ToArray();
        var content = Write(writer =>
        {
            writer.WriteStartArray("facts");
            foreach (var fact in facts)
            {
                writer.WriteStartObject();
                Describe(writer, fact);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        });
        return Cut(invocation.Tool, content) with
        {
            DataClass = facts.Aggregate((string?)null, (highest, fact) => highest is null ? fact.DataClass : DataClasses.Highest(highest, fact.DataClass)),
            IsUntrusted = facts.Any(fact => fact.IsUntrusted),
        };
    }

    private static MemoryFact? Find(WorkspaceState state, SessionState session, string? person, string name) =>
        state.Memory.Of(session.Agent, person).TryGetValue(name, out var fact) && IsVisible(state, session, fact) ? fact : null;

    private static bool IsVisible(WorkspaceState state, SessionState session, MemoryFact fact) => DataClasses.RankOfData(fact.DataClass) <= Clearance(state, session);

    /// <summary>The lowest clearance of the agents that act here; one that was removed clears nothing.</summary>
    private static int Clearance(WorkspaceState state, SessionState session) => session.Delegators.Append(session.Agent)
        .Min(agent => state.Agents.TryGetValue(agent, out var found) ? DataClasses.RankOfClearance(found.Definition.MemoryClearance) : -1);

    private static string? Text(ToolInvocation invocation, string parameter) => invocation.Arguments.TryGet(parameter, out var value) ? value.AsString() : null;

    private static string Missing(string name) => $"No fact '{name}' is kept.";

    private static ToolOutcome Done(string name) => new(true, Write(writer => writer.WriteString("name", name)));

    private static ToolOutcome Failed(string why) => new(false, why);

    private static void Describe(Utf8JsonWriter writer, MemoryFact fact)
    {
        writer.WriteString("name", fact.Name);
        writer.WriteString("written", fact.Written.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
    }

    private static string Write(Action<Utf8JsonWriter> members)
    {
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json, Plain))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(json.WrittenSpan);
    }

    /// <summary>The content within the tool's bound; what is cut ends with a whole character.</summary>
    private static ToolOutcome Cut(ToolDefinition tool, string content)
    {
        var bytes = Encoding.UTF8.GetBytes(content);
        if (bytes.Length <= tool.MaxOutputBytes)
        {
            return new ToolOutcome(true, content);
        }

        var end = tool.MaxOutputBytes;
        while (end > 0 && (bytes[end] & 0xC0) == 0x80)
        {
            end--;
        }

        return new ToolOutcome(true, Encoding.UTF8.GetString(bytes, 0, end), IsTruncated: true);
    }
}
