using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Providers.Simulated;

namespace AgentOps.Engine.Tests.Providers;

/// <summary>What the tests of providers share.</summary>
internal static class ProviderTesting
{
    public const string Canary = "sk-canary-0123456789";

    public static ModelRequest Ask(string text, params ModelTool[] tools) =>
        new() { Model = "m", Messages = [Message.Text(MessageRole.User, text)], Tools = tools };

    public static ModelTool Tool(string name) => new(name, $"Does {name}.", new JsonObject { ["type"] = "object" });

    public static async Task<List<ModelEvent>> RunAsync(this IModelProvider provider, ModelRequest request, CancellationToken ct = default)
    {
        var events = new List<ModelEvent>();
        await foreach (var item in provider.StreamAsync(request, ct))
        {
            events.Add(item);
        }

        return events;
    }

    public static async Task<ProviderFault> FaultAsync(this IModelProvider provider, ModelRequest request) =>
        (await Assert.ThrowsAsync<ProviderFaultException>(() => provider.RunAsync(request))).Fault;

    public static string TextOf(IEnumerable<ModelEvent> events) => string.Concat(events.OfType<TextDelta>().Select(delta => delta.Text));

    public static ModelCompleted EndOf(IReadOnlyList<ModelEvent> events) => Assert.IsType<ModelCompleted>(events[^1]);

    public static ToolCallPart[] CallsOf(IEnumerable<ModelEvent> events) =>
        [.. events.OfType<ToolCallProposed>().Select(proposed => proposed.Call)];

    public static JsonElement ParseJson(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    public static SimulatedProvider Simulated(string scenario, TimeProvider? time = null) =>
        new("sim", Scenario.FromJson(ParseJson(scenario)), time ?? TimeProvider.System);

    public static ProviderDefinition Over(string kind, Uri uri, string? options = null) => new()
    {
        Name = "p",
        Kind = kind,
        Uri = uri,
        Secret = "test:key",
        Options = options is null ? [] : JsonNode.Parse(options)!.AsObject(),
    };

    public static ProviderFactory Factory() => new(new FixedSecret());

    private sealed class FixedSecret : ISecretResolver
    {
        public ValueTask<string> ResolveAsync(string reference, CancellationToken ct) => new(Canary + "\n");
    }
}
