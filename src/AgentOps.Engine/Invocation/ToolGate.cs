using System.Text.Json;
using AgentOps.Engine.Agents;
using AgentOps.Engine.Approvals;
using AgentOps.Engine.Permissions;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Sessions;
using AgentOps.Engine.Tools;
using AgentOps.Engine.Tools.Isolation;
using AgentOps.Engine.Verification;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Invocation;

/// <summary>
/// The one seam that every proposed tool call passes: found, bound and frozen, authorized, verified. It runs on a state that is current,
/// in the critical section in which the intent is appended, so that nothing can change between the decision and the record of it.
/// </summary>
internal sealed class ToolGate(PolicyCache policies, IReadOnlyDictionary<ToolKind, IToolExecutor> executors, HostIsolation isolation)
{
    // Beyond the tool's own time-out: for the outcome to be recorded.
    private static readonly TimeSpan ReservationGrace = TimeSpan.FromMinutes(1);

    /// <summary>Decides one proposed call.</summary>
    /// <param name="state">The state of the critical section.</param>
    /// <param name="session">The session.</param>
    /// <param name="seen">What tools answered in it.</param>
    /// <param name="call">The call as the model wrote it.</param>
    /// <param name="id">Its id in the ledger.</param>
    /// <param name="now">The time of the append.</param>
    /// <param name="compensates">The id of the call that it undoes; null for a call of the model's.</param>
    public ToolProposal Decide(WorkspaceState state, SessionScope session, SessionEvidence seen, ToolCallPart call, string id, DateTimeOffset now, string? compensates = null)
    {
        var proposal = new ToolProposal { Call = call, Id = id, Compensates = compensates, Verdict = ToolVerdict.Refused };
        var agent = state.Agents[session.Agent].Definition;
        if (!state.Tools.TryGetValue(call.Name, out var known) || !(session.IsUndo || IsShown(agent, call.Name)))
        {
            return proposal with { Reason = $"There is no tool '{call.Name}' here." };
        }

        var tool = known.Definition;
        proposal = proposal with { Tool = tool };
        if (known.Suspended is { } suspended)
        {
            return proposal with { Reason = $"The tool '{tool.Name}' is suspended: {suspended}" };
        }

        if (!executors.ContainsKey(tool.Kind))
        {
            return proposal with { Reason = $"The tool '{tool.Name}' is of the kind {tool.Kind}, which this host can't run." };
        }

        if (isolation.Refusal(tool) is { } weak)
        {
            return proposal with { Reason = weak };
        }

        if (Bind(tool, call, compensates is not null, out var why) is not { } arguments)
        {
            return proposal with { Reason = why };
        }

        var paths = PathPins.Of(tool, arguments);
        proposal = proposal with { Arguments = arguments, Paths = paths };
        if (tool.SideEffect != SideEffect.None && IsInDoubt(state.Sessions[session.Id], tool, arguments))
        {
            return proposal with { Reason = $"The same call of '{tool.Name}' was made before, and nobody knows yet whether it had its effect." };
        }

        if (tool.Kind == ToolKind.Agent && Delegation.Refusal(state, session, tool) is { } refusal)
        {
            return proposal with { Reason = refusal };
        }

        if (Question(state, session, now).AboutTool(tool, arguments, paths, out var elsewhere) is not { } request)
        {
            return proposal with { Reason = $"The arguments of '{tool.Name}' can't be taken: {elsewhere}." };
        }

        var policy = policies.For(state);
        var decision = policy.Decide(request);
        proposal = proposal with { Rules = decision.DecidingRules, Obligations = decision.Obligations, Policy = decision.PolicySetDigest, Touches = request.Touches, AsksSession = AsksSession(request) };
        if (decision.Outcome != DecisionOutcome.Deny)
        {
            var verification = TransactionVerifier.Verify(tool, arguments, seen, state.Limits, session.Agent, session.OnBehalfOf, now);
            proposal = proposal with { Verification = verification };
            if (!verification.IsVerified)
            {
                return proposal with { Reason = verification.Reason };
            }
        }

        ApprovalRequest? answered = null;
        if (tool.Kind == ToolKind.Ask && decision.Outcome != DecisionOutcome.Deny && (answered = Invocation.Question.Answered(state, ref proposal, request, decision.PolicySetDigest)) is null)
        {
            return proposal;
        }

        if (decision.Outcome == DecisionOutcome.Pending && !session.PlanOnly)
        {
            (proposal, decision) = Ask(state, proposal, request, policy, decision);
        }

        if (session.PlanOnly && tool.SideEffect != SideEffect.None && decision.Outcome != DecisionOutcome.Deny)
        {
            return proposal with { Verdict = ToolVerdict.Planned, Reason = decision.Reason };
        }

        if (answered is not null && decision.IsAllowed)
        {
            proposal = proposal with { Answer = answered.Answer, Events = [.. proposal.Events, ApprovalEvents.MakeConsumed(answered.Id)] };
        }

        return decision.IsAllowed ? Reserve(state, proposal, request, decision, session)
            : proposal.Verdict == ToolVerdict.Pending ? proposal
            : proposal with { Reason = proposal.Reason.Length > 0 ? proposal.Reason : decision.Reason };
    }

    /// <summary>Uses an approval that was given for this very call, waits for one that was asked for, or asks.</summary>
    private static (ToolProposal Proposal, Decision Decision) Ask(
        WorkspaceState state, ToolProposal proposal, AuthorizationRequest request, PolicySet policy, Decision decision)
    {
        var asked = state.Approvals.FindFor(request, decision.PolicySetDigest);
        switch (asked?.StatusAt(request.Now))
        {
            case ApprovalStatus.Pending:
                return (proposal with { Verdict = ToolVerdict.Pending, Approval = asked.Id, Reason = decision.Reason }, decision);
            case ApprovalStatus.Approved when state.Approvals.TryConsume(asked.Id, request, decision.PolicySetDigest, request.Now, out var used, out var receipt, out _, state.Persons):
                return (proposal with { Events = [used!] }, policy.Decide(request with { Approval = receipt }));
            case ApprovalStatus.Approved when asked.Lapsed(state.Persons) is { } lapsed:
                return (proposal with { Reason = $"The approval no longer holds: {lapsed}.", Events = [ApprovalEvents.MakeBurned(asked.Id, lapsed)] }, decision);
            case ApprovalStatus.Denied or ApprovalStatus.Expired:
                return (proposal with { Reason = $"The request '{asked!.Id}' for approval was {(asked.StatusAt(request.Now) == ApprovalStatus.Denied ? "denied" : "not answered in time")}." }, decision);
            default:
                var id = RequestId.Create();
                var opened = ApprovalState.Open(id, request, decision, state.Sessions[request.Session!].Account, request.Now);
                return (proposal with { Verdict = ToolVerdict.Pending, Approval = id, Reason = decision.Reason, Events = [opened] }, decision);
        }
    }

    /// <summary>Sets aside what the call takes from limits, in the same append as its intent; what dead runners left is settled first.</summary>
    private static ToolProposal Reserve(WorkspaceState state, ToolProposal proposal, AuthorizationRequest request, Decision decision, SessionScope session)
    {
        LimitDemand[] demands = [.. LimitDemand.Of(decision.Obligations, request), .. proposal.Verification.Demands];
        if (demands.Length == 0)
        {
            return proposal with { Verdict = ToolVerdict.Allowed };
        }

        // An intent stands in the ledger beside every reservation, so what nobody settled may have happened.
        var settled = state.Limits.Reconcile(request.Now, _ => true);
        var id = $"{session.Id}/{proposal.Id}";
        return state.Limits.TryReserve(id, demands, request.Now, proposal.Tool!.Timeout + ReservationGrace, out var reserved, out _, out var why)
            ? proposal with { Verdict = ToolVerdict.Allowed, Reservation = id, Events = [.. proposal.Events, .. settled, reserved] }
            : proposal with { Reason = why, Events = settled };
    }

    /// <summary>The sandbox that a call of the tool runs in; null where it runs in none.</summary>
    public Sandbox? SandboxFor(ToolDefinition tool) => isolation.For(tool);

    /// <summary>Whether the agent may reach a network host now.</summary>
    public bool IsHostGranted(WorkspaceState state, SessionScope session, string host, DateTimeOffset now) => IsAllowed(state, session, "net:" + host, now);

    private bool IsAllowed(WorkspaceState state, SessionScope session, string resource, DateTimeOffset now) =>
        policies.For(state).Decide(Question(state, session, now).About(resource)).IsAllowed;

    private CallQuestion Question(WorkspaceState state, SessionScope session, DateTimeOffset now) =>
        new(state, state.Sessions[session.Id], isolation, session.PlanOnly, now);

    private static bool AsksSession(AuthorizationRequest request) =>
        request.Facts is SessionFacts { AskedWhatMoves: true } || request.History is HistorySource { WasAsked: true };

    /// <summary>A call whose effect is unknown is never made again until a person has said what became of it.</summary>
    private static bool IsInDoubt(SessionState session, ToolDefinition tool, BoundArguments arguments) => !session.Pending.IsEmpty && session.Pending.Values.Any(call =>
        string.Equals(call.Tool, tool.Name, StringComparison.OrdinalIgnoreCase) && (call.Arguments is null || tool.WithheldParameter is not null || call.Arguments.Equals(arguments)));

    private static bool IsShown(AgentDefinition agent, string tool) => agent.Tools.Contains(tool, StringComparer.OrdinalIgnoreCase);

    private static BoundArguments? Bind(ToolDefinition tool, ToolCallPart call, bool isCompensation, out string why)
    {
        // What records withhold is not there to undo a call with; its tool finds it where it is kept.
        var parameters = isCompensation && tool.WithheldParameter is { } withheld
            ? tool.Parameters.Select(parameter => parameter.Name == withheld ? parameter with { IsMandatory = false } : parameter).ToArray()
            : tool.Parameters;
        try
        {
            using var document = JsonDocument.Parse(call.ArgumentsJson.Length == 0 ? "{}" : call.ArgumentsJson);
            var bound = ArgumentBinder.Bind(parameters, document.RootElement);
            why = bound.IsBound ? string.Empty : $"The arguments of '{tool.Name}' can't be taken: {bound.Reason}.";
            return bound.Arguments;
        }
        catch (JsonException)
        {
            why = $"The arguments of '{tool.Name}' are no valid JSON.";
            return null;
        }
    }
}
