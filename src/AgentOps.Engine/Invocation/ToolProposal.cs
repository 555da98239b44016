using AgentOps.Engine.Ledger;
using AgentOps.Engine.Permissions;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Tools;
using AgentOps.Engine.Verification;

namespace AgentOps.Engine.Invocation;

/// <summary>A tool call as the model proposed it, and what the gate made of it.</summary>
internal sealed record ToolProposal
{
    /// <summary>The call as the model wrote it.</summary>
    public required ToolCallPart Call { get; init; }

    /// <summary>Our own id of the call within the session; a model's ids are not to be relied on.</summary>
    public required string Id { get; init; }

    /// <summary>The id of the call that it undoes; null for a call of the model's.</summary>
    public string? Compensates { get; init; }

    /// <summary>How the call was decided.</summary>
    public required ToolVerdict Verdict { get; init; }

    /// <summary>The tool, when there is one of that name.</summary>
    public ToolDefinition? Tool { get; init; }

    /// <summary>The frozen arguments, when they could be bound.</summary>
    public BoundArguments? Arguments { get; init; }

    /// <summary>Where the paths among them led when the call was decided.</summary>
    public PathPins? Paths { get; init; }

    /// <summary>For a refusal: why, fit for the model to read.</summary>
    public string Reason { get; init; } = string.Empty;

    /// <summary>The rules that decided.</summary>
    public IReadOnlyList<string> Rules { get; init; } = [];

    /// <summary>What the call uses besides the tool: data, another agent.</summary>
    public IReadOnlyList<string> Touches { get; init; } = [];

    /// <summary>What the rules oblige the call to.</summary>
    public IReadOnlyList<Obligation> Obligations { get; init; } = [];

    /// <summary>The digest of the policy set that decided; empty when it did not come to that.</summary>
    public string Policy { get; init; } = string.Empty;

    /// <summary>What the transaction verifier found.</summary>
    public VerificationResult Verification { get; init; } = VerificationResult.Nothing;

    /// <summary>For a pending call: the request that persons answer.</summary>
    public string? Approval { get; init; }

    /// <summary>For a question that is asked now: the JSON Schema of its answer.</summary>
    public string? Form { get; init; }

    /// <summary>For a question that was answered: the payload with the answer.</summary>
    public string? Answer { get; init; }

    /// <summary>The reservation that the call's outcome settles; null when no limit counts it.</summary>
    public string? Reservation { get; init; }

    /// <summary>Events that belong into the same append as the decision: a reservation, a request, a used approval.</summary>
    public IReadOnlyList<NewEvent> Events { get; init; } = [];

    /// <summary>Obligations and constraints in words, for the administrator; null where there are none.</summary>
    public string? Detail => Obligations.Count == 0 && Verification.Checked == 0
        ? null
        : string.Join("; ",
        [
            .. Obligations.Select(obligation => $"{obligation.RuleId} demands {RuleText.Describe(obligation)}"),
            .. Verification.Checked == 0 ? Array.Empty<string>() : [FormattableString.Invariant($"{Verification.Checked} constraints of the tool checked on {Verification.Evidence.Count} answers")],
        ]);

    /// <summary>Whether the rules asked for what the session's calls change: history, or a fact of the session.</summary>
    public bool AsksSession { get; init; }

    /// <summary>Whether the call is allowed whatever becomes of the calls before it: nothing that a call changes was asked or taken.</summary>
    public bool IsIndependent => Verdict == ToolVerdict.Allowed && !AsksSession && Events.Count == 0 && Reservation is null && Verification.Checked == 0;

    /// <summary>What makes two refused calls the same.</summary>
    public string Identity => $"{Call.Name}\n{Arguments?.Digest ?? Call.ArgumentsJson}";
}
