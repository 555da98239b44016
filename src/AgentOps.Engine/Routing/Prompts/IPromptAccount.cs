using AgentOps.Engine.Errors;
using AgentOps.Engine.Ledger;

namespace AgentOps.Engine.Routing;

/// <summary>Who answers for calls of a route: what each can cost is set aside before it is made, and settled by its record.</summary>
internal interface IPromptAccount
{
    /// <summary>The request with its money set aside, or why it may not be made.</summary>
    ValueTask<(RouteRequest Request, AgentOpsException? Refusal)> TryReserveAsync(Router router, RouteRequest request);

    /// <summary>The call's record and what settles it, to be appended as one.</summary>
    IReadOnlyList<NewEvent> Settle(RouteBatchAnswer answer);
}
