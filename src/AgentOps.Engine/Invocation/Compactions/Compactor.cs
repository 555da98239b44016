using System.Text;
using System.Text.Json.Nodes;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Serialization;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Invocation;

/// <summary>Makes room in a session's conversation when it nears its model's context: a summary is asked of the session's own route, and recorded.</summary>
internal sealed class Compactor(SessionScope scope, SessionJournal journal, ModelTurn modelTurn, WorkspaceLedger ledger, IPayloadStore payloads, TimeProvider time)
{
    private bool _hasFailed;

    /// <summary>Compacts before a model call, where it is due; null where it is not, or nothing is gained by it.</summary>
    /// <param name="next">The model call that comes next.</param>
    /// <param name="messages">The conversation, instructions included.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<CompactedTurn?> RunAsync(PreparedTurn next, IReadOnlyList<Message> messages, CancellationToken cancellationToken)
    {
        // A summary is a model call as any other: the last one that is left is for the answer.
        if (_hasFailed || next.Context is not { } context || journal.Step + 1 >= scope.Limits.MaxSteps
            || !Compaction.IsNear(next.Decision.PromptTokens, scope.Limits.MaxOutputTokens, context))
        {
            return null;
        }

        var instructions = messages.TakeWhile(message => message.Role == MessageRole.System).ToArray();
        var conversation = messages.Skip(instructions.Length).ToArray();
        var end = Compaction.Plan(conversation, context);
        if (end == 0)
        {
            return null;
        }

        var question = Compaction.Question(conversation, end, context);
        var prepared = modelTurn.PrepareSummary(ledger.Seen, question, Compaction.LongestSummary(scope.Limits.MaxOutputTokens, context));
        var summary = await modelTurn.RunAsync(prepared, cancellationToken);
        if (summary.End is not null)
        {
            return new CompactedTurn(summary, null);
        }

        if (summary.Text.Length == 0 || summary.Stop is not (StopReason.EndTurn or StopReason.MaxTokens))
        {
            _hasFailed = true;
            return new CompactedTurn(summary, null);
        }

        var payload = payloads.Begin(Encoding.UTF8.GetBytes(summary.Text));
        journal.HoldFor(payload);
        journal.Hold(
            EventTypes.SessionCompacted,
            new JsonObject().With("step", journal.Step).With("end", end).With("summary", payload.Reference),
            journal.Event(SessionEventKind.Compacted, time.GetUtcNow()) with { Text = summary.Text, Cost = summary.Cost });
        return new CompactedTurn(summary, [.. instructions, .. Compaction.Apply(conversation, end, summary.Text)]);
    }
}
