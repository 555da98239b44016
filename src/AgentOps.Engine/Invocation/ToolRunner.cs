using System.Runtime.ExceptionServices;
using System.Text;
using System.Text.Json.Nodes;
using AgentOps.Engine.Identity;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Permissions;
using AgentOps.Engine.Routing;
using AgentOps.Engine.Serialization;
using AgentOps.Engine.Sessions;
using AgentOps.Engine.Tools;
using AgentOps.Engine.Tools.Isolation;
using AgentOps.Engine.Verification;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Invocation;

/// <summary>
/// Runs calls whose intents are durable, one or several side by side, and records their outcomes: always in the order in which they
/// were proposed, whichever ended first.
/// </summary>
internal sealed class ToolRunner(
    SessionScope scope,
    SessionJournal journal,
    ToolGate gate,
    SessionEvidence seen,
    WorkspaceLedger ledger,
    IReadOnlyDictionary<ToolKind, IToolExecutor> executors,
    SecretRedactor redactor,
    IPayloadStore payloads,
    TokenIssuer tokens,
    TimeProvider time)
{
    /// <summary>Whether calls of a tool may run beside others of the session: they read, and their executor keeps them apart.</summary>
    public bool MayOverlap(ToolDefinition tool) =>
        tool.SideEffect == SideEffect.None && executors.TryGetValue(tool.Kind, out var executor) && executor.MayOverlap;

    /// <summary>Runs calls side by side; a stop ends all of them, and none is left running when it returns.</summary>
    /// <returns>Their outcomes, in order, which are recorded.</returns>
    /// <exception cref="OperationCanceledException">The session was stopped; the outcomes are recorded.</exception>
    public async Task<IReadOnlyList<ToolOutcome>> RunAsync(IReadOnlyList<ToolProposal> proposals, CancellationToken cancellationToken)
    {
        if (proposals.Any(proposal => executors[proposal.Tool!.Kind].NeedsFolder))
        {
            WorkFolder.Make(scope.WorkFolder);
        }

        var runs = await Task.WhenAll(proposals.Select(proposal => RunAsync(proposal, cancellationToken)));
        foreach (var run in runs)
        {
            Record(run.Proposal, run.Outcome, run.Duration);
        }

        Array.Find(runs, run => run.Fault is not null)?.Fault!.Throw();
        return Array.ConvertAll(runs, run => run.Outcome);
    }

    private async Task<ToolRun> RunAsync(ToolProposal proposal, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            var outcome = proposal.Paths?.Moved() is { } moved
                ? new ToolOutcome(false, moved)
                : await executors[proposal.Tool!.Kind].ExecuteAsync(PinnedPaths.Pin(Invocation(proposal), proposal.Paths?.All ?? []), cancellationToken);
            return new ToolRun(proposal, outcome with { Content = outcome.IsTruncated ? redactor.RedactCut(outcome.Content) : redactor.Redact(outcome.Content) }, time.GetElapsedTime(started), null);
        }
        catch (OperationCanceledException stop)
        {
            var ended = new ToolOutcome(false, "The tool was ended because the session stopped.", IsUnknown: true);
            return new ToolRun(proposal, ended, time.GetElapsedTime(started), ExceptionDispatchInfo.Capture(stop));
        }
        catch (Exception fault)
        {
            // A fault of the executor itself: nobody knows how far the tool came.
            var broken = new ToolOutcome(false, redactor.Redact(fault.Message), IsUnknown: true);
            return new ToolRun(proposal, broken, time.GetElapsedTime(started), ExceptionDispatchInfo.Capture(fault));
        }
    }

    private ToolInvocation Invocation(ToolProposal proposal) => new(
        proposal.Tool!,
        proposal.Arguments!,
        scope.Id,
        scope.Agent,
        scope.WorkFolder,
        gate.SandboxFor(proposal.Tool!),
        host => gate.IsHostGranted(ledger.Seen, scope, host, time.GetUtcNow()))
    {
        Identify = (host, audience, token) => tokens.IssueAsync(scope, proposal.Tool!, host, audience, token),
        Task = scope.Task,
        WhyStopped = state => SessionLease.IsHeld(state, scope.Id, scope.Lease) ? StopWatcher.Reason(state, scope) : "Another process took the session over.",
        Caller = new Caller(scope.OnBehalfOf, scope.Delegators, proposal.Id, scope.PlanOnly, scope.Limits.MaxCost - SpendGuard.Used(ledger.Seen.Sessions[scope.Id])) { Answer = proposal.Answer, Compensates = proposal.Compensates },
    };

    private void Record(ToolProposal proposal, ToolOutcome outcome, TimeSpan duration)
    {
        // What only reads has no effect to be in doubt about.
        var word = outcome.Succeeded ? ToolCallOutcome.Ok
            : outcome.IsUnknown && proposal.Tool!.SideEffect != SideEffect.None ? ToolCallOutcome.Unknown
            : ToolCallOutcome.Error;
        var content = Encoding.UTF8.GetBytes(outcome.Content);
        string? reference = null;
        if (content.Length > 0)
        {
            var payload = payloads.Begin(content);
            reference = payload.Reference;
            journal.HoldFor(payload);
        }

        var output = word == ToolCallOutcome.Ok ? seen.Add(proposal.Tool!.Name, proposal.Arguments!, outcome.Content, outcome.IsTruncated, time.GetUtcNow()) : null;
        journal.Hold(
            EventTypes.ToolCompleted,
            new JsonObject()
                .With("call", proposal.Id)
                .With("tool", proposal.Tool!.Name)
                .With("outcome", word)
                .With("output", reference)
                .With("bytes", content.Length)
                .With("truncated", outcome.IsTruncated)
                .With("untrusted", outcome.IsUntrusted)
                .With("dataClass", DataClasses.Highest(proposal.Tool.Data.Class, outcome.DataClass))
                .With("duration", (TimeSpan?)duration),
            journal.Event(SessionEventKind.ToolCompleted, time.GetUtcNow()) with
            {
                Tool = proposal.Tool.Name,
                Call = proposal.Id,
                Outcome = word,
                Text = outcome.Content,
            },
            sequence => output?.Place(sequence));
        if (outcome.Suspends is { } reason)
        {
            journal.Hold(EventTypes.ToolSuspended, new JsonObject().With("name", proposal.Tool.Name).With("reason", reason), shown: null);
        }

        if (proposal.Reservation is { } reservation)
        {
            // Only what certainly had no effect gives back what it had set aside.
            var settled = word == ToolCallOutcome.Error
                ? LimitEvents.MakeReleased(reservation, "the tool failed")
                : LimitEvents.MakeCommitted(reservation, null);
            journal.Hold(settled.Type, settled.Data, shown: null);
        }
    }
}
