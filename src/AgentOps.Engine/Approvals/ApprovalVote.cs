namespace AgentOps.Engine.Approvals;

/// <summary>One person's answer.</summary>
/// <param name="Person">The operating system's account, the database's role, or the registered key, as <c>os:NAME</c>, <c>database:NAME</c>, <c>key:NAME</c>.</param>
/// <param name="IsApproval">Approved, or denied.</param>
/// <param name="Counts">The rules towards whose quorum it counts.</param>
/// <param name="Reason">The person's words.</param>
/// <param name="Time">When.</param>
public sealed record ApprovalVote(string Person, bool IsApproval, IReadOnlyList<string> Counts, string? Reason, DateTimeOffset Time)
{
    /// <summary>For a question: the payload with the answer.</summary>
    public string? Answer { get; init; }

    /// <summary>For a registered person: the signature over the request and the answer, DER, base64.</summary>
    public string? Signature { get; init; }

    /// <summary>For a registered person: the key that signed, by its id.</summary>
    public string? Key { get; init; }

    /// <summary>Whether it is an answer that a key signs.</summary>
    internal bool IsSigned => Person.StartsWith(RegisteredPerson.Prefix, StringComparison.Ordinal) || Signature is not null;

    /// <summary>Whether it stands: the account's own word, or signed by the key that its person has.</summary>
    internal bool Holds(ApprovalRequest request, PersonRegistry persons) => !IsSigned
        || (persons.Find(Person) is { } person && Person.StartsWith(RegisteredPerson.Prefix, StringComparison.Ordinal) && person.KeyId == Key && Signature is not null
            && person.Signed(VoteText.Of(request, IsApproval, Answer), Signature));
}
