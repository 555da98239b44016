using System.Text.Json;
using AgentOps.Cli.Serving;
using AgentOps.Engine.Configuration;
using AgentOps.Engine.Invocation;

namespace AgentOps.Cli.Tests.Serving;

/// <summary>A served route with an agent <c>a</c>, and what its clients send and are told.</summary>
internal static class ServedAgent
{
    public const string Plain = """{steps: [{say: Hello., repeat: true, usage: {input: 20, output: 9}}]}""";

    // 400 words at 20 ms each: nobody waits for the end.
    public static readonly string Slow =
        $$"""{latency: {perTokenMs: 20}, steps: [{say: {{string.Join(' ', Enumerable.Repeat("word", 400))}}, repeat: true}]}""";

    // 4,000 words: nobody sees the end.
    public static readonly string Endless =
        $$"""{latency: {perTokenMs: 20}, steps: [{say: {{string.Join(' ', Enumerable.Repeat("word", 4000))}}, repeat: true}]}""";

    public static readonly (string Name, string Value) Internal = (ServedGate.DataClassHeader, "internal");

    /// <param name="steps">What the model says, as YAML.</param>
    /// <param name="rules">Rules for the agent, as YAML.</param>
    /// <param name="agent">More of the agent, as YAML.</param>
    /// <param name="clearance">What the provider is cleared for.</param>
    /// <param name="key">The key that other callers must send.</param>
    /// <param name="agentsOnly">Whether only agents are let in.</param>
    /// <param name="store">The store; null for a folder of its own.</param>
    public static async Task<GovernedRoute> OpenAsync(
        string steps = Plain, string rules = "", string agent = "", string clearance = "secret", string? key = null, bool agentsOnly = false, string? store = null)
    {
        var served = await GovernedRoute.StartAsync(steps, clearance, key, agentsOnly, store: store);
        await served.ImportAsync($"""
            apiVersion: agentops/v1
            kind: Agent
            name: a
            route: chat
            {agent}
            """);
        if (rules.Length > 0)
        {
            await served.ImportAsync($$"""
                apiVersion: agentops/v1
                kind: AgentPolicy
                name: p
                subjects: {agents: [a]}
                rules:
                {{rules}}
                """);
        }

        return served;
    }

    public static Task ImportAsync(this GovernedRoute served, string yaml) =>
        served.Workspace.Configuration.ImportAsync(ConfigurationSet.Parse(yaml, "more.yaml"), CancellationToken.None).AsTask();

    public static Task<ServedToken> MintAsync(this GovernedRoute served) => served.Workspace.Served.OpenAsync("a", null, null, null, CancellationToken.None);

    public static (string Name, string Value) Bearer(ServedToken token) => ("Authorization", "Bearer " + token.Text);

    /// <summary>The error of a body in OpenAI's protocol.</summary>
    public static JsonElement Error(string body) => JsonDocument.Parse(body).RootElement.GetProperty("error");

    public static async Task<string?> MessageAsync(HttpResponseMessage response) => Error(await response.Content.ReadAsStringAsync()).GetProperty("message").GetString();
}
