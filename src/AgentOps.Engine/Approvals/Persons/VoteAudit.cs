using System.Text.Json;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Serialization;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Approvals;

/// <summary>Follows a ledger's records and verifies each signed answer again, from what the ledger says alone.</summary>
internal sealed class VoteAudit
{
    private readonly Dictionary<string, ApprovalRequest> _requests = new(StringComparer.Ordinal);
    private PersonRegistry _persons = PersonRegistry.Empty;

    /// <summary>Whether records of a type are of any matter here.</summary>
    public static bool Follows(ReadOnlySpan<byte> type) => type.StartsWith("approval."u8) || type.StartsWith("person."u8);

    /// <summary>What is wrong with a record; null when nothing is.</summary>
    public string? Check(LedgerRecord record)
    {
        try
        {
            return Find(record);
        }
        catch (Exception exception) when (exception is JsonException or FormatException or KeyNotFoundException or InvalidOperationException)
        {
            return $"The record '{record.Type}' can't be read: {exception.Message}";
        }
    }

    private string? Find(LedgerRecord record)
    {
        switch (record.Type)
        {
            case EventTypes.PersonRegistered:
                _persons = _persons.With(RegisteredPerson.FromJson(record.Data, record.Time));
                return null;
            case EventTypes.PersonUnregistered:
                _persons = _persons.Without(record.Data.RequiredText("name"));
                return null;
            case ApprovalEvents.Requested:
                var request = ApprovalEvents.Read(record.Data);
                _requests[request.Id] = request;
                return null;
            case ApprovalEvents.Voted:
                return _requests.TryGetValue(record.Data.RequiredText("id"), out var asked) && ApprovalEvents.ReadVote(record.Data) is { IsSigned: true } vote && !vote.Holds(asked, _persons)
                    ? $"The answer of '{vote.Person}' to the request '{asked.Id}' is not signed by that person's key."
                    : null;
            default:
                return null;
        }
    }
}
