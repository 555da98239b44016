using AgentOps.Engine.Providers;

namespace AgentOps.Engine.Invocation;

/// <summary>What a model is told of the schema that its answer must fit; the same words whether told at once or from the ledger.</summary>
internal static class AnswerWords
{
    /// <summary>Goes with the agent's instructions, for models whose provider does not enforce a schema.</summary>
    public static string Instruction(AnswerSchema schema) =>
        $"Your final answer is one JSON value that fits the following JSON Schema, with no other text around it.\n{schema.Json.ToJsonString()}";

    /// <summary>The answer did not fit.</summary>
    public static Message Correction(string problem) =>
        Message.Text(MessageRole.User, $"Your answer was not taken: {problem}. Give it again, as one JSON value that fits the schema, with no other text around it.");
}
