using System.Text.Json;
using AgentOps.Engine.Agents;
using AgentOps.Engine.Permissions;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Tools;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Invocation;

/// <summary>
/// The one seam that every proposed tool call passes: found, bound and frozen, authorized. It runs on a state that is current,
/// in the critical section in which the intent is appended, so that nothing can change between the decision and the record of it.
/// </summary>
internal sealed class ToolGate(PolicyCache policies, IReadOnlyDictionary<ToolKind, IToolExecutor> executors)
{
    /// <summary>Decides one proposed call.</summary>
    public ToolProposal Decide(WorkspaceState state, SessionScope session, ToolCallPart call, string id, DateTimeOffset now)
    {
        var proposal = new ToolProposal { Call = call, Id = id, Verdict = ToolVerdict.Refused };
        var agent = state.Agents[session.Agent].Definition;
        if (!state.Tools.TryGetValue(call.Name, out var known) || !IsShown(agent, call.Name))
        {
            return proposal with { Reason = $"There is no tool '{call.Name}' here." };
        }

        var tool = known.Definition;
        proposal = proposal with { Tool = tool };
        if (!executors.ContainsKey(tool.Kind))
        {
            return proposal with { Reason = $"The tool '{tool.Name}' is of the kind {tool.Kind}, which this host can't run." };
        }

        if (Bind(tool, call, out var why) is not { } arguments)
        {
            return proposal with { Reason = why };
        }

        proposal = proposal with { Arguments = arguments };
        var decision = policies.For(state).Decide(Request(state, session, tool.Resource, tool, arguments, now));
        proposal = proposal with { Rules = decision.DecidingRules, Policy = decision.PolicySetDigest };
        if (!decision.IsAllowed)
        {
            return proposal with { Reason = decision.Reason };
        }

        if (decision.Obligations.FirstOrDefault(obligation => obligation is not CompensateObligation) is { } unmet)
        {
            return proposal with { Reason = $"The call is permitted only with an obligation that this host can't meet: {unmet.GetType().Name.Replace("Obligation", string.Empty, StringComparison.Ordinal).ToLowerInvariant()}." };
        }

        return proposal with { Verdict = session.PlanOnly && tool.SideEffect != SideEffect.None ? ToolVerdict.Planned : ToolVerdict.Allowed };
    }

    /// <summary>Whether the agent may reach a network host now.</summary>
    public bool IsHostGranted(WorkspaceState state, SessionScope session, string host, DateTimeOffset now) =>
        policies.For(state).Decide(Request(state, session, "net:" + host, null, BoundArguments.Empty, now)).IsAllowed;

    private AuthorizationRequest Request(WorkspaceState state, SessionScope session, string resource, ToolDefinition? tool, BoundArguments arguments, DateTimeOffset now) => new()
    {
        Agent = session.Agent,
        OnBehalfOf = session.OnBehalfOf,
        Resource = resource,
        SchemaDigest = tool?.Digest,
        CompensationTool = tool?.Compensation,
        Arguments = arguments,
        Session = session.Id,
        Facts = new SessionFacts(
            state.Sessions[session.Id],
            tool,
            tool is not null && executors.TryGetValue(tool.Kind, out var executor) ? executor.Isolation : null,
            now),
        Now = now,
    };

    private static bool IsShown(AgentDefinition agent, string tool) => agent.Tools.Contains(tool, StringComparer.OrdinalIgnoreCase);

    private static BoundArguments? Bind(ToolDefinition tool, ToolCallPart call, out string why)
    {
        try
        {
            using var document = JsonDocument.Parse(call.ArgumentsJson.Length == 0 ? "{}" : call.ArgumentsJson);
            var bound = ArgumentBinder.Bind(tool.Parameters, document.RootElement);
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
