using System.Text.Json.Nodes;
using AgentOps.Engine.Approvals;
using AgentOps.Engine.Permissions;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Serialization;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Invocation;

/// <summary>
/// A question to a person on its way: asked once for a call, then waited for, then used. It is a request like one for approval, with a
/// form for the answer: the tool's own, the one that the model makes, or a single text.
/// </summary>
internal static class Question
{
    /// <summary>The parameter with the question.</summary>
    public const string QuestionParameter = "Question";

    /// <summary>The parameter with a form that the model makes: a JSON Schema of type object.</summary>
    public const string FormParameter = "Form";

    private const string Rule = "question";
    private const int MostFields = 20;
    private const string OneText = """{"type":"object","properties":{"Answer":{"type":"string"}},"required":["Answer"]}""";

    /// <summary>The request that was answered for this very call; else null, and the proposal says what it waits for or why it is refused.</summary>
    public static ApprovalRequest? Answered(WorkspaceState state, ref ToolProposal proposal, AuthorizationRequest request, string policySetDigest)
    {
        var asked = state.Approvals.FindFor(request, policySetDigest, isQuestion: true);
        switch (asked?.StatusAt(request.Now))
        {
            case ApprovalStatus.Approved when asked.Lapsed(state.Persons) is { } lapsed:
                proposal = proposal with { Reason = $"The answer no longer holds: {lapsed}.", Events = [ApprovalEvents.MakeBurned(asked.Id, lapsed)] };
                return null;
            case ApprovalStatus.Approved:
                return asked;
            case ApprovalStatus.Pending:
                proposal = proposal with { Verdict = ToolVerdict.Pending, Approval = asked.Id, Reason = "A person was asked." };
                return null;
            case ApprovalStatus.Denied:
                proposal = proposal with { Reason = $"The person declined to answer the question '{asked.Id}'." };
                return null;
            case ApprovalStatus.Expired:
                proposal = proposal with { Reason = $"Nobody answered the question '{asked.Id}' in time." };
                return null;
            default:
                proposal = Open(state, proposal, request, policySetDigest);
                return null;
        }
    }

    private static ToolProposal Open(WorkspaceState state, ToolProposal proposal, AuthorizationRequest request, string policySetDigest)
    {
        var tool = proposal.Tool!;
        var form = (tool.Settings.Object("form") is { } own ? QuestionParameters.Schema(own) : null)
            ?? (request.Arguments.TryGet(FormParameter, out var made) ? made.ToJson()?.ToJsonString() : null)
            ?? OneText;
        if (JsonReading.TryParse(form) is not { } schema || schema.Object("properties") is not { } fields || fields.EnumerateObject().Count() is 0 or > MostFields)
        {
            return proposal with { Reason = FormattableString.Invariant($"The form is no JSON Schema of an object with 1 to {MostFields} properties.") };
        }

        var opened = new ApprovalRequest
        {
            Id = RequestId.Create(),
            Session = request.Session,
            Agent = request.Agent,
            OnBehalfOf = request.OnBehalfOf,
            RequestedBy = state.Sessions[request.Session!].Account,
            Resource = request.Resource,
            Arguments = new JsonObject().With(QuestionParameter, request.Arguments.TryGet(QuestionParameter, out var text) ? text.AsString() : null).ToJsonString(),
            Form = form,
            Binding = ApprovalBinding.Create(request, policySetDigest, request.Now + tool.Timeout),
            Needs = [new ApprovalNeed(Rule, 1, tool.Settings.Text("from"), NotRequester: false)],
            Requested = request.Now,
        };
        return proposal with { Verdict = ToolVerdict.Pending, Approval = opened.Id, Form = form, Reason = "A person was asked.", Events = [ApprovalEvents.MakeRequested(opened)] };
    }
}
