using AgentOps.Engine.Errors;
using AgentOps.Engine.Sessions;
using AgentOps.Engine.Tools;

namespace AgentOps.Engine.Invocation;

/// <summary>
/// Runs Agent tools: another agent is asked, in a session of its own, on behalf of the same person. What it answers is the output;
/// it is ended with the call.
/// </summary>
/// <param name="invoker">Opens the session.</param>
/// <param name="find">A session as the ledger tells it: whether it has seen output from outside, and how secret what it has seen is.</param>
internal sealed class AgentToolExecutor(Func<AgentInvoker> invoker, Func<string, SessionState?> find) : IToolExecutor
{
    /// <summary>The parameter that carries what the agent is asked.</summary>
    public const string PromptParameter = "Prompt";

    /// <inheritdoc/>
    public ToolKind Kind => ToolKind.Agent;

    /// <inheritdoc/>
    /// <remarks>Each delegate is bounded by what the session has left when it begins.</remarks>
    public bool MayOverlap => false;

    /// <inheritdoc/>
    public string Isolation => "session of its own; the rights that all agents of the chain have";

    /// <inheritdoc/>
    public async ValueTask<ToolOutcome> ExecuteAsync(ToolInvocation invocation, CancellationToken cancellationToken)
    {
        var caller = invocation.Caller;
        var from = find(invocation.Session);
        var request = new InvocationRequest
        {
            Agent = Delegation.Agent(invocation.Tool),
            Prompt = invocation.Arguments.TryGet(PromptParameter, out var prompt) ? prompt.AsString() ?? string.Empty : string.Empty,
            PlanOnly = caller.PlanOnly,
            MaxCost = caller.MaxCost,
            MaxDuration = invocation.Tool.Timeout,
            From = new DelegatedFrom(invocation.Session, caller.Call, [.. caller.Delegators, invocation.Agent], caller.OnBehalfOf, from?.DataClass, from is not { IsTainted: false }),
        };
        InvocationResult? result = null;
        try
        {
            await foreach (var item in invoker().InvokeAsync(request, cancellationToken))
            {
                result = item.Result ?? result;
            }
        }
        catch (AgentOpsException fault)
        {
            return new ToolOutcome(false, $"The agent '{request.Agent}' failed: {fault.Message}");
        }

        cancellationToken.ThrowIfCancellationRequested();
        var delegated = find(result!.Session);
        var outcome = result.Status == SessionStatus.Completed
            ? new ToolOutcome(true, result.Answer)
            : new ToolOutcome(false, $"The session '{result.Session}' of the agent '{request.Agent}' ended, {result.Status}: {result.Reason} {result.Answer}".TrimEnd());
        return outcome with { IsUntrusted = delegated is { IsTainted: true }, DataClass = delegated?.DataClass };
    }
}
