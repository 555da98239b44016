using System.Text.Json.Nodes;

namespace AgentOps.Engine.Invocation;

/// <summary>How a call's arguments stand in its record: whole when they are short, else by their digest.</summary>
internal static class ArgumentRecord
{
    // Far below a record's bound, so that the rest of the record always fits beside it.
    private const int MaxLength = 16_384;

    public static JsonNode? Of(ToolProposal proposal)
    {
        if (proposal.Arguments is null)
        {
            // Not bound, so not known to be free of what a record can't hold: kept as the text that the model wrote.
            var text = proposal.Call.ArgumentsJson;
            return text.Length <= MaxLength ? JsonValue.Create(text) : JsonValue.Create(text[..MaxLength]);
        }

        var json = proposal.Arguments.ToJson();
        return json.ToJsonString().Length <= MaxLength ? json : JsonValue.Create(proposal.Arguments.Digest);
    }
}
