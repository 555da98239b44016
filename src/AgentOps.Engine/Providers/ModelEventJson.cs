using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Errors;

namespace AgentOps.Engine.Providers;

/// <summary>The JSON form of a model's events, for recordings.</summary>
internal static class ModelEventJson
{
    public static JsonObject Write(ModelEvent modelEvent)
    {
        switch (modelEvent)
        {
            case TextDelta delta:
                return Signed(new JsonObject { ["type"] = "text", ["text"] = delta.Text }, delta.Signature);
            case ReasoningDelta delta:
                var reasoning = new JsonObject { ["type"] = "reasoning", ["text"] = delta.Text };
                if (delta.Redacted)
                {
                    reasoning["redacted"] = true;
                }

                return Signed(reasoning, delta.Signature);
            case ToolCallProposed { Call: var call }:
                return Signed(
                    new JsonObject { ["type"] = "toolCall", ["id"] = call.Id, ["name"] = call.Name, ["arguments"] = call.ArgumentsJson },
                    call.Signature);
            case ModelCompleted completed:
                return new JsonObject
                {
                    ["type"] = "completed",
                    ["reason"] = completed.Reason.ToString(),
                    ["usage"] = completed.Usage.ToJson(),
                    ["model"] = completed.Model,
                    ["responseId"] = completed.ResponseId,
                };
            default:
                throw new InvalidOperationException($"No JSON form for {modelEvent.GetType().Name}.");
        }
    }

    public static ModelEvent Read(JsonElement element) => element.Text("type") switch
    {
        "text" => new TextDelta(element.Text("text") ?? "") { Signature = element.Text("signature") },
        "reasoning" => new ReasoningDelta(element.Text("text") ?? "", element.Text("signature")) { Redacted = element.Flag("redacted") },
        "toolCall" => new ToolCallProposed(
            new ToolCallPart(element.Text("id") ?? "", element.Text("name") ?? "", element.Text("arguments") ?? "{}")
            {
                Signature = element.Text("signature"),
            }),
        "completed" => new ModelCompleted(
            Enum.TryParse<StopReason>(element.Text("reason"), out var reason) ? reason : StopReason.Other,
            element.Member("usage") is { } usage ? Usage.FromJson(usage) : Usage.Zero,
            element.Text("model") ?? "",
            element.Text("responseId")),
        var other => throw new AgentOpsException(ErrorCodes.RecordingInvalid, $"A recording holds the unknown event '{other}'."),
    };

    private static JsonObject Signed(JsonObject json, string? signature)
    {
        if (signature is not null)
        {
            json["signature"] = signature;
        }

        return json;
    }
}
