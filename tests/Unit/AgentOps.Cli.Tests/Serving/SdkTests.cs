using System.Diagnostics;
using System.Net;
using AgentOps.Cli.Serving;
using AgentOps.Engine.Configuration;
using AgentOps.Engine.Providers;

namespace AgentOps.Cli.Tests.Serving;

/// <summary>Programs that we did not write: the vendors' clients against our server, and another's server for our adapters.</summary>
public class SdkTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(50);

    [NodeFact]
    public async Task The_vendors_clients_are_served()
    {
        using var factory = new ProviderFactory();
        var stand = (await ConfigurationSet.ReadAsync(Path.Combine(Sdk.Folder, "stand.yaml"), default)).Providers.Single();
        await using var server = await ModelServer.StartAsync(
            ServedSource.Of(factory.Create(stand)), new IPEndPoint(IPAddress.Loopback, 0), default);
        var (lines, code) = await RunAsync("clients.mjs", server.Address);
        Assert.DoesNotContain(lines, line => line.StartsWith("not ok", StringComparison.Ordinal));
        Assert.Equal((0, 27), (code, lines.Count(line => line.StartsWith("ok ", StringComparison.Ordinal))));
    }

    [NodeFact]
    public async Task OpenAIs_client_is_held_to_a_route_and_its_budget()
    {
        await using var served = await GovernedRoute.StartAsync(ServedAgent.Plain, "internal", key: "a key");
        await served.SetBudgetAsync(0.1m);
        var (lines, code) = await RunAsync("governed.mjs", served.Server.Address, "a key");
        Assert.DoesNotContain(lines, line => line.StartsWith("not ok", StringComparison.Ordinal));
        Assert.Equal((0, 5), (code, lines.Count(line => line.StartsWith("ok ", StringComparison.Ordinal))));

        // The client would ask three times if it were not told that the money is spent.
        var calls = await served.CallsAsync(3);
        Assert.Equal(["model.completed", "model.completed", "model.failed"], calls.Select(call => call.Type));
        Assert.All(calls, call => Assert.Equal("sdk", call.Task));
    }

    [NodeFact]
    public async Task OpenAIs_client_acts_as_an_agent_until_the_agent_is_suspended()
    {
        var words = string.Join(' ', Enumerable.Repeat("word", 400));
        await using var served = await ServedAgent.OpenAsync(
            $$"""{steps: [{when: {contains: slow}, say: {{words}}, latency: {perTokenMs: 20}, repeat: true}, {say: Hello., repeat: true}]}""",
            "- {id: no-secrets, effect: forbid, resources: ['route:chat'], when: [{fact: session.maxDataClass, gte: secret}]}");
        var token = await served.MintAsync();
        var lines = new List<string>();
        using var process = Start("agent.mjs", served.Server.Address, token.Text);
        while (await process.StandardOutput.ReadLineAsync().WaitAsync(Patience) is { } line)
        {
            lines.Add(line);
            if (line == "streaming")
            {
                await served.Workspace.Agents.SuspendAsync("a", null, default);
            }
        }

        Assert.Equal(
            ["ok chat", "ok a spoilt token", "ok a forbidden class", "streaming", "ok a stream that a suspension ends", "ok a suspended agent"], lines);
    }

    [NodeFact]
    public async Task Our_adapters_speak_with_anothers_server()
    {
        using var process = Start("aimock.mjs");
        var address = new Uri((await process.StandardOutput.ReadLineAsync().WaitAsync(Patience))!);
        using var factory = new ProviderFactory();
        foreach (var (kind, path) in new[] { ("openai", "/v1"), ("anthropic", ""), ("gemini", ""), ("bedrock", "") })
        {
            var provider = factory.Create(new ProviderDefinition { Name = kind, Kind = kind, Uri = new Uri(address, path) });
            foreach (var stream in new[] { true, false })
            {
                Assert.Equal("Hello from the mock.", (await AskAsync(provider, "plain", stream)).TextContent);
                var call = Assert.Single((await AskAsync(provider, "tool", stream)).Parts.OfType<ToolCallPart>());
                Assert.Equal(("get_disk", """{"drive":"C"}"""), (call.Name, call.ArgumentsJson));
            }
        }

        process.StandardInput.Close();
        await process.WaitForExitAsync().WaitAsync(Patience);
    }

    private static async Task<Message> AskAsync(IModelProvider provider, string text, bool stream)
    {
        var message = new AssistantMessageBuilder();
        var request = new ModelRequest
        {
            Model = "m",
            Messages = [Message.Text(MessageRole.User, text)],
            Tools = [new ModelTool("get_disk", "Reads a disk.", new System.Text.Json.Nodes.JsonObject { ["type"] = "object" })],
            MaxOutputTokens = 100,
            Stream = stream,
        };
        await foreach (var modelEvent in provider.StreamAsync(request, default))
        {
            message.Add(modelEvent);
        }

        Assert.NotNull(message.Completed);
        return message.Build();
    }

    private static Process Start(params string[] arguments) => Process.Start(new ProcessStartInfo("node", arguments)
    {
        WorkingDirectory = Sdk.Folder,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    private static async Task<(string[] Lines, int Code)> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync().WaitAsync(Patience);
        await process.WaitForExitAsync().WaitAsync(Patience);
        await errors;
        return (output.Split('\n', StringSplitOptions.RemoveEmptyEntries), process.ExitCode);
    }
}
