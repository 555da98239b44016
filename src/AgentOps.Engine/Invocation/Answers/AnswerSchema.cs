using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Errors;

namespace AgentOps.Engine.Invocation;

/// <summary>
/// A JSON Schema (2020-12, https://json-schema.org/draft/2020-12) for an agent's final answer. Keywords that would be left unchecked are
/// refused when it is read, so that a schema never promises what is not held; <c>format</c> is an annotation, as the standard has it.
/// </summary>
public sealed class AnswerSchema
{
    private const int LongestText = 65_536;

    private readonly SchemaNode _root;

    private AnswerSchema(JsonObject json, SchemaNode root)
    {
        Json = json;
        _root = root;
    }

    /// <summary>The schema as it was written; not to be changed.</summary>
    public JsonObject Json { get; }

    /// <summary>Reads a schema.</summary>
    /// <param name="schema">An object, of at most 64 KiB as text.</param>
    /// <exception cref="AgentOpsException"><c>OutputSchemaInvalid</c>, with the place as a JSON Pointer.</exception>
    public static AnswerSchema Parse(JsonObject schema)
    {
        var text = schema.ToJsonString();
        if (text.Length > LongestText)
        {
            throw new AgentOpsException(ErrorCodes.OutputSchemaInvalid, FormattableString.Invariant($"The schema has {text.Length} characters; at most {LongestText} are taken."));
        }

        using var document = JsonDocument.Parse(text);
        return new AnswerSchema((JsonObject)schema.DeepClone(), new SchemaReader(document.RootElement.Clone()).Root);
    }

    /// <summary>Reads an answer.</summary>
    /// <param name="answer">The model's words: one JSON value and nothing else.</param>
    /// <param name="value">The value, when it fits.</param>
    /// <param name="problem">Why it does not fit, in words for the model.</param>
    public bool TryRead(string answer, out JsonElement value, out string problem)
    {
        value = default;
        try
        {
            using var document = JsonDocument.Parse(answer);
            var check = new SchemaCheck();
            check.Check(_root, document.RootElement, string.Empty);
            problem = check.Problem;
            value = problem.Length == 0 ? document.RootElement.Clone() : default;
            return problem.Length == 0;
        }
        catch (JsonException fault)
        {
            problem = $"it is no JSON value alone: {fault.Message.TrimEnd('.')}";
            return false;
        }
    }
}
