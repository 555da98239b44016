using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Cli.Serving;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Providers.Simulated;
using AgentOps.Engine.Routing;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Cli.Tests.Serving;

/// <summary>What the tests of batches share.</summary>
internal static class BatchTesting
{
    public static async Task RouteAsync(Workspace workspace, string address, string kind, int minimum = 100)
    {
        var definition = new ProviderDefinition { Name = "p", Kind = kind, Uri = new Uri(address + (kind == "openai" ? "/v1" : "")) };
        if (kind == "bedrock")
        {
            definition = definition with
            {
                Options = new JsonObject
                {
                    ["batch"] = new JsonObject
                    {
                        ["location"] = "s3://prompts/agentops",
                        ["role"] = "arn:aws:iam::123456789012:role/Batch",
                        ["storageUri"] = address + "/s3",
                        ["minimumRecords"] = minimum,
                    },
                },
            };
        }

        await workspace.Providers.RegisterAsync(definition, false, default);
        var price = new ModelPrice(1, 10) { Batch = 0.5m };
        await workspace.Routes.SetAsync(new RouteDefinition { Name = "r", Targets = [new RouteTarget("p", "m") { Price = price }] }, default);
    }

    public static Task<ModelServer> StartAsync(string script)
    {
        using var document = JsonDocument.Parse(script);
        var scenario = Scenario.FromJson(document.RootElement.Clone());
        return ModelServer.StartAsync(ServedSource.Of(new SimulatedProvider("s", scenario, TimeProvider.System)), new IPEndPoint(IPAddress.Loopback, 0), default);
    }
}
