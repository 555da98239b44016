using System.CommandLine;
using System.Net;
using System.Text.Json.Nodes;
using AgentOps.Cli.Workspaces;
using AgentOps.Engine.Configuration;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Routing;
using AgentOps.Engine.Workspaces;

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
        var route = new Option<string?>("--route") { Description = "The route to serve instead: any client of OpenAI's, Anthropic's, Google's or Bedrock's protocol then gets its routing. With --store, of that workspace: recorded, and within its budgets." };
        var store = new Option<string?>("--store") { Description = "The workspace of the route: a folder, or postgresql://." };
        var keyVariable = new Option<string?>("--api-key-variable") { Description = "The environment variable with the key that callers must send. Without it a route is served on the loopback alone." };
        var agentsOnly = new Option<bool>("--agents-only") { Description = "Answer agents alone, by the tokens of New-AgentOpsToken. Only for a workspace's route, and in the place of a key." };
        var dataClass = new Option<string?>("--data-class") { Description = $"The class of a call without the header {ServedGate.DataClassHeader}. Default: secret for a workspace's route, else internal." };
        dataClass.AcceptOnlyFromAmong([.. DataClasses.All]);
        var port = new Option<int>("--port") { Description = "The port; 0 for a free one.", DefaultValueFactory = _ => DefaultPort };
        var listen = new Option<string>("--listen") { Description = "The address to listen on. Others than the loopback let anyone who reaches it spend.", DefaultValueFactory = _ => "127.0.0.1" };
        var timing = new TimingOptions();
        var command = new Command("serve", "Serves a simulated or recorded model, or a route, over HTTP in OpenAI's, Anthropic's, Google's and Bedrock's protocols.")
        {
            file, provider, route, store, keyVariable, agentsOnly, dataClass, port, listen,
        };
        timing.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            try
            {
                var endpoint = Endpoint(parsed.GetValue(listen)!, parsed.GetValue(port));
                var key = Key(parsed.GetValue(keyVariable));
                var onlyAgents = parsed.GetValue(agentsOnly);
                if (onlyAgents && (key is not null || parsed.GetValue(store) is null))
                {
                    throw new AgentOpsException(ErrorCodes.RouteInvalid, "Agents are known to a workspace, and need no other key.", parsed.GetValue(route),
                        "Give --agents-only together with --store, and without --api-key-variable.");
                }

                if (key is null && !onlyAgents && parsed.GetValue(route) is not null && !IPAddress.IsLoopback(endpoint.Address))
                {
                    throw new AgentOpsException(ErrorCodes.ServeAddressInvalid, $"Without a key a route is not served on {endpoint.Address}: whoever reaches it could spend.",
                        mend: "Name the environment variable with the key with --api-key-variable, give --agents-only, or listen on 127.0.0.1.");
                }

                using var factory = new ProviderFactory();
                if (parsed.GetValue(store) is not null && (parsed.GetValue(route) is null || (parsed.GetValue(file) ?? parsed.GetValue(provider)) is not null || timing.Read(parsed) is not null))
                {
                    throw new AgentOpsException(ErrorCodes.RouteInvalid, "Of a workspace one of its routes is served, and nothing else.", parsed.GetValue(route),
                        "Name the route with --route, and leave out the file, --provider and the timing.");
                }

                await using var workspace = await OpenAsync(parsed.GetValue(store), cancellationToken);
                var governed = workspace is null ? null : await RouteAsync(workspace, parsed.GetValue(route)!, onlyAgents, cancellationToken);
                var source = governed is null
                    ? await SourceAsync(parsed.GetValue(file), parsed.GetValue(provider), parsed.GetValue(route), timing.Read(parsed), factory, cancellationToken)
                    : ServedSource.Of(governed, cancellationToken);
                var gate = new ServedGate(key, parsed.GetValue(dataClass) ?? (governed is null ? null : DataClasses.All[^1]), governed);
                await using var server = await ModelServer.StartAsync(source, endpoint, cancellationToken, gate);
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

    private static IPEndPoint Endpoint(string address, int port) =>
        !IPAddress.TryParse(address, out var parsed) ? throw new AgentOpsException(ErrorCodes.ServeAddressInvalid, $"'{address}' is no IP address.")
        : port is < IPEndPoint.MinPort or > IPEndPoint.MaxPort ? throw new AgentOpsException(ErrorCodes.ServeAddressInvalid, $"{port} is no port.")
        : new IPEndPoint(parsed, port);

    private static string? Key(string? variable) =>
        variable is null ? null
        : Environment.GetEnvironmentVariable(variable) is { Length: > 0 } key ? key
        : throw new AgentOpsException(ErrorCodes.SecretNotFound, $"The environment variable '{variable}' has no key.", variable,
            "Set it to the key that callers are to send, and start again.");

    // A server makes no workspace: a mistyped folder would be a new and empty one.
    private static async ValueTask<Workspace?> OpenAsync(string? store, CancellationToken ct)
    {
        if (store is not null && !store.Contains("://", StringComparison.Ordinal) && !Directory.Exists(Path.Combine(store, "ledger")))
        {
            throw new AgentOpsException(ErrorCodes.PathNotFound, $"There is no workspace in '{store}'.", store,
                "Correct --store, or make the workspace and its route first: Connect-AgentOps -Store, Set-AgentOpsRoute.");
        }

        return store is null ? null : await WorkspaceOption.OpenAsync(store, ct);
    }

    private static async Task<ServedRoute> RouteAsync(Workspace workspace, string route, bool agentsOnly, CancellationToken ct)
    {
        await workspace.Served.SettleLostAsync(ct);
        var state = await workspace.GetStateAsync(ct);
        return state.Routes.TryGetValue(route, out var found)
            ? new ServedRoute(workspace, found.Name, agentsOnly)
            : throw new AgentOpsException(ErrorCodes.RouteNotFound, $"There is no route '{route}'.", route);
    }

    private static async Task<ServedSource> SourceAsync(
        string? file, string? provider, string? route, JsonObject? serving, ProviderFactory factory, CancellationToken ct)
    {
        if (file is null)
        {
            if ((route ?? provider) is { } named)
            {
                throw new AgentOpsException(ErrorCodes.RouteInvalid, $"Nothing says where '{named}' is defined.", named,
                    "Give the workspace of the route with --store, or the file of a configuration before the options.");
            }

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
