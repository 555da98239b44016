using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Serialization;

namespace AgentOps.Engine.Routing;

/// <summary>What is kept of a batch beside the ledger: its prompts, so that any process can match the results to them, and its results.</summary>
internal static class BatchPayload
{
    /// <summary>The name of a prompt within the batch: its place.</summary>
    public static string NameOf(int index) => string.Create(CultureInfo.InvariantCulture, $"p{index}");

    public static byte[] WritePrompts(RoutePrompt how, IReadOnlyList<string> prompts) => Bytes(new JsonObject()
        .With("instructions", how.Instructions)
        .With("temperature", how.Temperature)
        .With("maxOutputTokens", how.MaxOutputTokens)
        .With("dataClass", how.DataClass)
        .With("prompts", prompts));

    /// <summary>The prompts, and what holds for all of them.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="payload">What was kept; null where it was erased: then every prompt is empty.</param>
    public static (RoutePrompt How, IReadOnlyList<string> Prompts) ReadPrompts(BatchState batch, byte[]? payload)
    {
        if (payload is null)
        {
            return (new RoutePrompt { Route = batch.Route, Task = batch.Task }, [.. Enumerable.Repeat(string.Empty, batch.Count)]);
        }

        using var document = JsonDocument.Parse(payload);
        var root = document.RootElement;
        var how = new RoutePrompt
        {
            Route = batch.Route,
            Instructions = root.Text("instructions"),
            Temperature = root.Amount("temperature"),
            MaxOutputTokens = (int?)root.Integer("maxOutputTokens"),
            DataClass = root.Text("dataClass"),
            Task = batch.Task,
        };
        return (how, root.Strings("prompts"));
    }

    public static byte[] WriteResults(IReadOnlyList<BatchItemResult> results)
    {
        var items = new JsonArray();
        foreach (var result in results)
        {
            items.Add((JsonNode)new JsonObject()
                .With("outcome", result.Outcome.ToString())
                .With("message", result.Message?.ToJson())
                .With("stop", result.Completion?.Reason.ToString())
                .With("model", result.Completion?.Model)
                .With("responseId", result.Completion?.ResponseId)
                .With("usage", result.Completion?.Usage.ToJson())
                .With("fault", result.Fault?.Kind.ToString())
                .With("detail", result.Fault?.Detail));
        }

        return Bytes(new JsonObject { ["results"] = items });
    }

    public static IReadOnlyList<BatchItemResult> ReadResults(byte[] payload)
    {
        using var document = JsonDocument.Parse(payload);
        return [.. document.RootElement.Items("results").Select(ReadResult)];
    }

    private static BatchItemResult ReadResult(JsonElement item, int index) => new(NameOf(index), item.RequiredEnum<BatchOutcome>("outcome"))
    {
        Message = item.Member("message") is { } message ? Message.FromJson(message) : null,
        Completion = item.Text("stop") is null
            ? null
            : new ModelCompleted(
                item.RequiredEnum<StopReason>("stop"),
                item.Member("usage") is { } usage ? Usage.FromJson(usage) : Usage.Zero,
                item.Text("model") ?? "",
                item.Text("responseId")),
        Fault = item.Text("fault") is null ? null : new ProviderFault(item.RequiredEnum<FaultKind>("fault"), "", item.Text("detail") ?? ""),
    };

    private static byte[] Bytes(JsonObject json) => System.Text.Encoding.UTF8.GetBytes(json.ToJsonString());
}
