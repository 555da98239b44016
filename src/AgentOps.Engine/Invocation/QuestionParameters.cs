using AgentOps.Engine.Permissions;

namespace AgentOps.Engine.Invocation;

/// <summary>The parameters of an Ask tool.</summary>
public static class QuestionParameters
{
    /// <summary>The question alone where the tool has a form of its own; else also a form that the model makes.</summary>
    public static IReadOnlyList<ToolParameter> Of(bool hasForm)
    {
        var question = new ToolParameter(Question.QuestionParameter, ParameterType.String, IsMandatory: true, Description: "What the person is asked.");
        return hasForm
            ? [question]
            : [question, new ToolParameter(Question.FormParameter, ParameterType.Object, Description: "A JSON Schema of type object for the answer, with flat properties; without it the answer is one text.")];
    }
}
