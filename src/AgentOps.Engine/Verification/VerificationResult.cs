using System.Text.Json.Nodes;
using AgentOps.Engine.Permissions;
using AgentOps.Engine.Serialization;

namespace AgentOps.Engine.Verification;

/// <summary>What the verifier found: verified, or refused for these reasons.</summary>
public sealed record VerificationResult
{
    /// <summary>A tool without constraints.</summary>
    public static VerificationResult Nothing { get; } = new();

    /// <summary>What was found of each constraint, in the order in which they are declared.</summary>
    public IReadOnlyList<ConstraintFinding> Findings { get; init; } = [];

    /// <summary>How many constraints were checked.</summary>
    public int Checked => Findings.Count;

    /// <summary>Why it is refused, each beginning with the constraint; fit for the model to read. Empty when it is verified.</summary>
    public IReadOnlyList<string> Reasons { get; init; } = [];

    /// <summary>The answers of tools that it rests on.</summary>
    public IReadOnlyList<EvidenceUse> Evidence { get; init; } = [];

    /// <summary>What is to be reserved in the append of the intent: sums of money, and that a thing is done once.</summary>
    public IReadOnlyList<LimitDemand> Demands { get; init; } = [];

    /// <summary>Whether nothing speaks against the call.</summary>
    public bool IsVerified => Reasons.Count == 0;

    /// <summary>The refusal in a sentence.</summary>
    public string Reason => IsVerified ? string.Empty : $"The transaction does not hold: {string.Join("; ", Reasons)}.";

    /// <summary>For the ledger; null when there was nothing to check.</summary>
    public JsonObject? ToJson() => Checked == 0
        ? null
        : new JsonObject()
            .With("result", IsVerified ? "verified" : "refused")
            .With("constraints", new JsonArray([.. Findings.Select(finding => new JsonObject()
                .With("constraint", finding.Kind)
                .With("result", finding.Reason is null ? "verified" : "refused")
                .With("reason", finding.Reason))]))
            .With("evidence", Evidence.Count == 0 ? null : new JsonArray([.. Evidence.Select(use => use.ToJson())]));
}
