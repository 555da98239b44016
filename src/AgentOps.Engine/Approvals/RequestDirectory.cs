using System.Diagnostics;
using System.Text;
using System.Text.Json;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Permissions;
using AgentOps.Engine.Telemetry;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Approvals;

/// <summary>
/// What persons are asked, and their answers. An answer is only recorded: the session's own runner goes on from it. The person is
/// the account of the operating system that runs this process, or the role that a database knows it by, or a registered key that signs the answer; nobody can say to be somebody else.
/// </summary>
public sealed class RequestDirectory
{
    private readonly WorkspaceLedger _ledger;
    private readonly IPayloadStore _payloads;
    private readonly IGroupSource _groups;
    private readonly string _person;

    internal RequestDirectory(WorkspaceLedger ledger, IPayloadStore payloads, IGroupSource groups, string person)
    {
        _groups = groups;
        _ledger = ledger;
        _payloads = payloads;
        _person = person;
    }

    /// <summary>All requests, oldest first.</summary>
    public async ValueTask<IReadOnlyList<ApprovalRequest>> ListAsync(CancellationToken cancellationToken) =>
        (await _ledger.RefreshAsync(cancellationToken)).Approvals.Requests.OrderBy(request => request.Requested).ThenBy(request => request.Id, StringComparer.Ordinal).ToArray();

    /// <summary>Records the answer of the person that this process is run by.</summary>
    /// <param name="id">The request.</param>
    /// <param name="approves">Approved, or denied.</param>
    /// <param name="reason">The person's words.</param>
    /// <param name="cancellationToken">Stops waiting for the store.</param>
    /// <exception cref="AgentOpsException"><c>RequestNotFound</c>, <c>AnswerRefused</c>.</exception>
    public ValueTask<ApprovalRequest> AnswerAsync(string id, bool approves, string? reason, CancellationToken cancellationToken) =>
        AnswerAsync(id, approves, reason, null, null, cancellationToken);

    /// <summary>The same, with the answer to a question: an object that fits the request's form.</summary>
    /// <exception cref="AgentOpsException"><c>RequestNotFound</c>, <c>AnswerRefused</c>.</exception>
    public ValueTask<ApprovalRequest> AnswerAsync(string id, bool approves, string? reason, JsonElement? answer, CancellationToken cancellationToken) =>
        AnswerAsync(id, approves, reason, answer, null, cancellationToken);

    /// <summary>Why an answer does not fit what a request asks for; null where it does. Nothing is recorded.</summary>
    /// <exception cref="AgentOpsException"><c>RequestNotFound</c>.</exception>
    public async ValueTask<string?> FindMisfitAsync(string id, JsonElement? answer, CancellationToken cancellationToken) =>
        AnswerForm.Refusal(Require(await _ledger.RefreshAsync(cancellationToken), id), answer);

    /// <summary>The same, as the registered person whose key signs it.</summary>
    /// <exception cref="AgentOpsException"><c>RequestNotFound</c>, <c>AnswerRefused</c>.</exception>
    public async ValueTask<ApprovalRequest> AnswerAsync(string id, bool approves, string? reason, JsonElement? answer, VoteSigner? signer, CancellationToken cancellationToken)
    {
        var asked = Require(await _ledger.RefreshAsync(cancellationToken), id);
        if (approves && AnswerForm.Refusal(asked, answer) is { } unfit)
        {
            throw new AgentOpsException(ErrorCodes.AnswerRefused, $"The answer to the request '{id}' is not taken: {unfit}", id,
                "Give the fields of the form with -Answer, as @{ NAME = VALUE }, or one value where the form has one text; Get-AgentOpsRequest shows it under Form.");
        }

        if (signer is { IsMade: true } && answer is not null)
        {
            throw new AgentOpsException(ErrorCodes.AnswerRefused, $"The answer to the question '{id}' can't be signed elsewhere; sign it with the key itself.", id);
        }

        var payload = approves && answer is { } given ? await _payloads.PutAsync(Encoding.UTF8.GetBytes(given.GetRawText()), cancellationToken) : null;
        var text = VoteText.Of(asked, approves, payload);
        var signature = signer?.Sign(text);
        var answered = await _ledger.ChangeAsync(
            (state, transaction) =>
            {
                var request = Require(state, id);
                var groups = new GroupDirectory(state.Groups.Values.ToArray(), _groups);
                var person = signature is null ? _person : state.Persons.FindSigner(text, signature)?.Person ?? RegisteredPerson.Prefix;
                if (!state.Approvals.TryVote(id, person, approves, reason, groups, transaction.Now, out var voted, out var refusal, payload, state.Persons, signature))
                {
                    throw new AgentOpsException(ErrorCodes.AnswerRefused, $"The answer to the request '{id}' is not taken: {refusal}", id);
                }

                transaction.Add(voted with { Session = request.Session, Agent = request.Agent });
            },
            state => Require(state, id),
            cancellationToken);
        Signals.Approvals.Add(1, new TagList { { SignalNames.Agent, answered.Agent }, { SignalNames.Outcome, approves ? "approved" : "denied" } });
        return answered;
    }

    private static ApprovalRequest Require(WorkspaceState state, string id) =>
        state.Approvals.Find(id) ?? throw new AgentOpsException(ErrorCodes.RequestNotFound, $"There is no request '{id}'.", id);
}
