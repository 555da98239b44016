namespace AgentOps.Engine.Approvals;

/// <summary>Proof, for one decision, that persons approved this very call. Only <see cref="ApprovalState.TryConsume"/> makes one, and the ledger then holds that it was used.</summary>
public sealed class ApprovalReceipt
{
    internal ApprovalReceipt(ApprovalRequest request) => Request = request;

    /// <summary>The request that was approved.</summary>
    public ApprovalRequest Request { get; }
}
