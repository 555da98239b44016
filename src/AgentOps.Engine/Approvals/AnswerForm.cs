using System.Text.Json;
using AgentOps.Engine.Permissions;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Tools.Schemas;

namespace AgentOps.Engine.Approvals;

/// <summary>Whether an answer fits the form of its question.</summary>
internal static class AnswerForm
{
    /// <summary>Why the answer does not fit, in a sentence; null when it does.</summary>
    public static string? Refusal(ApprovalRequest request, JsonElement? answer)
    {
        if (request.Form is null)
        {
            return answer is null ? null : "It is a request for approval, which takes no answer but yes or no.";
        }

        if (answer is not { } given || JsonReading.TryParse(request.Form) is not { } form)
        {
            return $"It is a question. Its answer has the form {request.Form}.";
        }

        var bound = ArgumentBinder.Bind(SchemaParameters.Read(form), given);
        return bound.IsBound ? null : $"{bound.Reason}. The form is {request.Form}.";
    }
}
