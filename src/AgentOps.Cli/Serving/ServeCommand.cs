using System.CommandLine;
using System.Net;
using System.Text.Json.Nodes;
using AgentOps.Engine.Configuration;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Routing;

namespace AgentOps.Cli.Serving;

/// <summary><c>agentops serve</c>: a provider or a route as an HTTP server that the vendors' own clients can talk to.</summary>
internal static class ServeCommand
{
    private const int DefaultPort = 8765;

    public static Command Create()
    {
        var file = new Argument<string?>("file")
        {
            Description = "A configuration with providers and routes; without it, a model that echoes.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var provider = new Option<string?>("--provider") { Description = "The provider to serve; without it the configuration's first simulated or replay provider." };
        var route = new Option<string?>("--route") { Description = "The route to serve instead: any client of OpenAI's, Anthropic's, Google's or Bedrock's protocol then gets governed routing." };
        var port = new Option<int>("--port") { Description = "The port; 0 for a free one.", DefaultValueFactory = _ => DefaultPort };
        var listen = new Option<string>("--listen") { Description = "The address to listen on. Others than the loopback let anyone who reaches it spend.", DefaultValueFactory = _ => "127.0.0.1" };
        var timing = new TimingOptions();
        var command = new Command("serve", "Serves a simulated or recorded model, or a route, over HTTP in OpenAI's, Anthropic's, Google's and Bedrock's protocols.")
        {
            file, provider, route, port, listen,
        };
        timing.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            try
            {
                using var factory = new ProviderFactory();
                var source = await SourceAsync(
                    parsed.GetValue(file), parsed.GetValue(provider), parsed.GetValue(route), timing.Read(parsed), factory, cancellationToken);
                var address = IPAddress.TryParse(parsed.GetValue(listen), out var parsedAddress)
                    ? parsedAddress
                    : throw new AgentOpsException(ErrorCodes.ServeAddressInvalid, $"'{parsed.GetValue(listen)}' is no IP address.");
                if (parsed.GetValue(port) is < IPEndPoint.MinPort or > IPEndPoint.MaxPort)
                {
                    throw new AgentOpsException(ErrorCodes.ServeAddressInvalid, $"{parsed.GetValue(port)} is no port.");
                }

                await using var server = await ModelServer.StartAsync(source, new IPEndPoint(address, parsed.GetValue(port)), cancellationToken);
                Console.Out.WriteLine($"Serving {source.Name} on {server.Address} until Ctrl+C.");
                await Task.Delay(Timeout.Infinite, cancellationToken);
                return 0;
            }
            catch (AgentOpsException exception)
            {
                Console.Error.WriteLine($"agentops serve: {exception.Message}\n  {exception.Mend}");
                return 1;
            }
            catch (OperationCanceledException)
            {
                return 0;
            }
        });
        return command;
    }

    private static async Task<ServedSource> SourceAsync(
        string? file, string? provider, string? route, JsonObject? serving, ProviderFactory factory, CancellationToken ct)
    {
        if (file is null)
        {
            return ServedSource.Of(factory.Create(Timed(new ProviderDefinition { Name = "echo", Kind = ProviderKinds.Simulated }, serving)));
        }

        var configuration = await ConfigurationSet.ReadAsync(file, ct);
        if (route is null)
        {
            var definition = configuration.Providers.FirstOrDefault(candidate => provider is null
                ? candidate.Kind is ProviderKinds.Simulated or ProviderKinds.Replay
                : candidate.Name == provider);
            return definition is not null
                ? ServedSource.Of(factory.Create(Timed(definition, serving)))
                : throw new AgentOpsException(ErrorCodes.ProviderNotFound,
                    $"The configuration '{file}' has no provider {(provider is null ? "of kind simulated or replay" : $"'{provider}'")}.");
        }

        if (serving is not null)
        {
            throw new AgentOpsException(ErrorCodes.ScenarioInvalid, "A route has no timing of its own.", route,
                "Leave out --model and --accelerator, and write 'serving' into the options of the route's simulated providers.");
        }

        var wanted = configuration.Routes.FirstOrDefault(candidate => candidate.Name == route)
            ?? throw new AgentOpsException(ErrorCodes.RouteInvalid, $"The configuration '{file}' has no route '{route}'.");
        var providers = new ProviderSet(factory);
        foreach (var definition in configuration.Providers)
        {
            providers.Register(definition);
        }

        return ServedSource.Of(new Router(providers, catalog: PriceCatalog.Load()), wanted);
    }

    private static ProviderDefinition Timed(ProviderDefinition definition, JsonObject? serving)
    {
        if (serving is null)
        {
            return definition;
        }

        if (definition.Kind != ProviderKinds.Simulated)
        {
            throw new AgentOpsException(ErrorCodes.ScenarioInvalid, $"The provider '{definition.Name}' is not simulated: its timing is its own.",
                definition.Name, "Leave out --model and --accelerator.");
        }

        var options = (JsonObject)definition.Options.DeepClone();
        options["serving"] = serving;
        return definition with { Options = options };
    }
}
