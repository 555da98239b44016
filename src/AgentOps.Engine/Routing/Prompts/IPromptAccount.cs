using AgentOps.Engine.Errors;
using AgentOps.Engine.Ledger;

namespace AgentOps.Engine.Routing;

/// <summary>Who answers for calls of a route: what each can cost is set aside before it is made, and settled by its record.</summary>
internal interface IPromptAccount
{
    /// <summary>The request with its money set aside, or why it may not be made.</summary>
    ValueTask<(RouteRequest Request, AgentOpsException? Refusal)> TryReserveAsync(Router router, RouteRequest request);

    /// <summary>Appends the call's record and what settles it as one. A call that was stopped cost money all the same, so this can't be stopped.</summary>
    /// <returns>What was appended.</returns>
    ValueTask<IReadOnlyList<NewEvent>> SettleAsync(RouteBatchAnswer answer);
}
