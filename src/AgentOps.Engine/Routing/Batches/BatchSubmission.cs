using System.Text.Json.Nodes;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Permissions;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Serialization;
using AgentOps.Engine.Sessions;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Routing;

/// <summary>Hands prompts to a provider's batch interface: chosen, recorded and paid for before anything is sent, and sent once.</summary>
internal sealed class BatchSubmission(
    WorkspaceLedger ledger,
    IPayloadStore payloads,
    RouterCache routers,
    BatchProviders providers,
    BatchJournal journal,
    BatchReconciliation reconciliation,
    ISecretRedactor redactor,
    TimeProvider time)
{
    private const int BoundedOutputTokens = 4096;

    /// <summary>The requests as a provider takes them.</summary>
    public static BatchItem[] Items(IReadOnlyList<RouteRequest> requests, RouteTarget target) =>
        [.. requests.Select((request, index) => new BatchItem(BatchPayload.NameOf(index), request.Request with { Model = target.Model, Stream = false }))];

    /// <inheritdoc cref="BatchDirectory.SubmitAsync"/>
    public async ValueTask<BatchState> SubmitAsync(RoutePrompt how, IReadOnlyList<string> prompts, CancellationToken cancellationToken)
    {
        var state = await ledger.RefreshAsync(cancellationToken);
        var route = RouteTable.Require(state, how.Route);
        var isBudgeted = Budget.Demands(state, null, how.Task, 0).Any();
        how = isBudgeted ? how with { MaxOutputTokens = how.MaxOutputTokens ?? BoundedOutputTokens } : how;
        var requests = prompts.Select(prompt => how.ToRequest(route, prompt) with { Budget = null }).ToArray();
        var (target, reserved) = BatchChoice.Choose(routers.For(state), requests, how.MaxCost, candidate => providers.RefusalOf(state, candidate.Provider, prompts.Count));
        var provider = providers.Find(state, target.Provider)!;
        if (prompts.Count > provider.MaximumItems)
        {
            throw new AgentOpsException(ErrorCodes.BatchTooLarge,
                FormattableString.Invariant($"A batch at '{target.Provider}' holds {provider.MaximumItems} prompts, and these are {prompts.Count}."), how.Route);
        }

        var kept = await payloads.PutAsync(
            BatchPayload.WritePrompts(how with { Instructions = how.Instructions is { } given ? redactor.Redact(given) : null }, [.. prompts.Select(redactor.Redact)]), cancellationToken);
        var id = "b" + SessionId.Create(time.GetUtcNow());
        var requested = new NewEvent(EventTypes.BatchRequested, EventTypes.Version, new JsonObject()
            .With("id", id)
            .With("route", route.Name)
            .With("target", target.ToJson())
            .With("count", prompts.Count)
            .With("prompts", kept)
            .With("reserved", reserved))
        {
            Task = how.Task,
        };
        await journal.RequestAsync(requested, id, how, isBudgeted ? Bound(requests, target) : 0, cancellationToken);
        await HandOverAsync(provider, Items(requests, target), id, target.Provider, cancellationToken);
        return BatchJournal.Require(await ledger.RefreshAsync(CancellationToken.None), id);
    }

    private async ValueTask HandOverAsync(IBatchProvider provider, BatchItem[] items, string id, string name, CancellationToken cancellationToken)
    {
        string vendorId;
        try
        {
            vendorId = await provider.SubmitAsync(items, id, cancellationToken);
        }
        catch (AgentOpsException exception)
        {
            // The credential did not come, without which nothing is sent.
            await journal.RefuseAsync(id, exception.Message);
            throw;
        }
        catch (ProviderFaultException exception) when (!MayHaveBeenTaken(exception.Fault))
        {
            await journal.RefuseAsync(id, exception.Fault.Detail);
            throw RouteFailure.OfBatch($"'{name}' did not take the batch", exception.Fault, id);
        }
        catch (ProviderFaultException exception)
        {
            await LookAsync(exception.Fault, id, name, cancellationToken);
            return;
        }

        await journal.AcceptAsync(id, vendorId);
    }

    // The answer was lost, the batch perhaps not: its own list may tell at once.
    private async ValueTask LookAsync(ProviderFault lost, string id, string name, CancellationToken cancellationToken)
    {
        try
        {
            await reconciliation.RequireTakenAsync(id, cancellationToken);
        }
        catch (ProviderFaultException exception)
        {
            var why = $"The answer was lost ({lost.Detail}), and the provider's list of batches did not come ({exception.Fault.Detail})";
            await journal.LeaveOpenAsync(id, why);
            throw BatchReconciliation.Unknown(name, id, why);
        }
    }

    // What the batch can cost at most; nothing is known to fit a budget that has no price.
    private static decimal Bound(IReadOnlyList<RouteRequest> requests, RouteTarget target)
    {
        var price = target.Price ?? throw new AgentOpsException(ErrorCodes.NoEligibleTarget,
            $"The price of '{target}' is unknown, so that the budget can't be kept.", target.ToString(), "Give the route's target a price.");
        return requests.Sum(request => CostCalculator.Cost(
            new Usage(TokenEstimate.OfPrompt(request.Request), request.Request.MaxOutputTokens ?? BoundedOutputTokens), price));
    }

    // The provider may have it although no answer said so: not where nothing can have begun, or the answer was a clear no.
    private static bool MayHaveBeenTaken(ProviderFault fault) => !fault.NeverBegan && fault.Status is null or >= 500
        && fault.Kind is FaultKind.Unreachable or FaultKind.TimedOut or FaultKind.Interrupted or FaultKind.Protocol or FaultKind.ServerError;
}
