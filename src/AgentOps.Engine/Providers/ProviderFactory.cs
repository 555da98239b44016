using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Providers.Anthropic;
using AgentOps.Engine.Providers.AzureOpenAI;
using AgentOps.Engine.Providers.Bedrock;
using AgentOps.Engine.Providers.Gemini;
using AgentOps.Engine.Providers.Http;
using AgentOps.Engine.Providers.OpenAI;
using AgentOps.Engine.Providers.Replay;
using AgentOps.Engine.Providers.Simulated;

namespace AgentOps.Engine.Providers;

/// <summary>Makes providers of their definitions. Owns the connections; one a process is enough.</summary>
public sealed class ProviderFactory : IDisposable
{
    private readonly ISecretResolver _secrets;
    private readonly TimeProvider _timeProvider;
    private readonly IReadOnlyList<IModelProvider> _models;
    private readonly ConcurrentDictionary<(string Provider, ServingOptions Options), SimulatedEngine> _engines = new();
    private readonly ConcurrentDictionary<(string? Proxy, TimeSpan Connect), HttpMessageInvoker> _connections = new();

    /// <summary>Makes a factory.</summary>
    /// <param name="secrets">Resolves credentials at each call; null: from the environment.</param>
    /// <param name="timeProvider">The clock; null: the system's.</param>
    /// <param name="models">Models in process, each standing behind the provider of kind <c>simulated</c> of its name; null for none.</param>
    public ProviderFactory(ISecretResolver? secrets = null, TimeProvider? timeProvider = null, IReadOnlyList<IModelProvider>? models = null)
    {
        _models = models ?? [];
        _secrets = secrets ?? new EnvironmentSecretResolver();
        _timeProvider = timeProvider ?? TimeProvider.System;
    }

    /// <summary>Makes a provider. Nothing is connected and no secret resolved before its first call.</summary>
    /// <exception cref="AgentOpsException">The definition is invalid.</exception>
    public IModelProvider Create(ProviderDefinition definition) => definition.Kind switch
    {
        ProviderKinds.Simulated when _models.FirstOrDefault(model => string.Equals(model.Name, definition.Name, StringComparison.OrdinalIgnoreCase)) is { } model => model,
        ProviderKinds.Simulated => Simulated(definition),
        ProviderKinds.OpenAI => Over(definition, new OpenAIProtocol(definition)),
        ProviderKinds.AzureOpenAI => Over(definition, new AzureOpenAIProtocol(definition)),
        ProviderKinds.Anthropic => Over(definition, new AnthropicProtocol(definition)),
        ProviderKinds.Gemini => Over(definition, new GeminiProtocol(definition)),
        ProviderKinds.Bedrock => Over(definition, new BedrockProtocol(definition, _timeProvider)),
        ProviderKinds.Replay => Replay(definition),
        _ => throw new AgentOpsException(ErrorCodes.ProviderInvalid,
            $"The provider '{definition.Name}' has the unknown kind '{definition.Kind}'.", definition.Name,
            $"Known kinds: {string.Join(", ", ProviderKinds.All)}."),
    };

    /// <summary>Makes the interface for batches of a provider; null where its kind has none here, or lacks the settings for it.</summary>
    /// <exception cref="AgentOpsException">The definition is invalid.</exception>
    public IBatchProvider? CreateBatches(ProviderDefinition definition) => definition.Kind switch
    {
        ProviderKinds.Simulated => new SimulatedBatches(Simulated(definition)),
        ProviderKinds.OpenAI => new OpenAIBatches(OpenAIBatchDialect.OpenAI(definition), Connect(definition, OpenAIFaults.Read), _timeProvider),
        ProviderKinds.AzureOpenAI => new OpenAIBatches(OpenAIBatchDialect.Azure(definition), Connect(definition, OpenAIFaults.Read), _timeProvider),
        ProviderKinds.Gemini => new GeminiBatches(definition, Connect(definition, GeminiFaults.Read)),
        ProviderKinds.Anthropic => new AnthropicBatches(definition, Connect(definition, AnthropicFaults.Read)),
        ProviderKinds.Bedrock when BedrockBatchSettings.Of(definition) is { } settings =>
            new BedrockBatches(definition, settings, Connect(definition, BedrockFaults.Read), Connect(definition, S3Faults.Read), _timeProvider),
        _ => null,
    };

    /// <summary>Closes the connections.</summary>
    public void Dispose()
    {
        foreach (var connection in _connections.Values)
        {
            connection.Dispose();
        }

        _connections.Clear();
        foreach (var engine in _engines.Values)
        {
            engine.Dispose();
        }

        _engines.Clear();
    }

    // Kept here, and not in the provider, so that calls under way share it with those made after the provider was read anew.
    private SimulatedEngine? EngineOf(ProviderDefinition definition) => ServingOptions.FromOptions(definition.Options) is { } serving
        ? _engines.GetOrAdd((definition.Name, serving), static (key, time) => new SimulatedEngine(key.Provider, key.Options, time), _timeProvider)
        : null;

    private ReplayProvider Replay(ProviderDefinition definition)
    {
        var file = definition.Option("file") ?? throw new AgentOpsException(ErrorCodes.ProviderInvalid,
            $"The provider '{definition.Name}' of kind replay needs the recording's 'file' in its options.", definition.Name);
        if (definition.Options["source"] is not JsonObject source)
        {
            return new ReplayProvider(definition.Name, file, null);
        }

        using var document = JsonDocument.Parse(source.ToJsonString());
        return new ReplayProvider(definition.Name, file, Create(ProviderDefinition.FromJson(document.RootElement.Clone())));
    }

    private SimulatedProvider Simulated(ProviderDefinition definition) => new(
        definition.Name,
        Scenario.FromOptions(definition.Options),
        _timeProvider,
        ProviderTimeouts.FromOptions(definition.Options),
        EngineOf(definition));

    private HttpModelProvider Over(ProviderDefinition definition, IWireProtocol protocol) => new(protocol, Connect(definition, protocol.ReadFault));

    private VendorConnection Connect(ProviderDefinition definition, Func<FailedResponse, ProviderFault> readFault)
    {
        var connect = ProviderTimeouts.FromOptions(definition.Options).Connect;
        var connection = _connections.GetOrAdd((definition.Proxy?.AbsoluteUri, connect), static key => Connect(key.Proxy, key.Connect));
        return new VendorConnection(definition, readFault, connection, _secrets, _timeProvider);
    }

    // No redirects: a credential must not follow one. No cookies: calls have nothing to do with each other.
    private static HttpMessageInvoker Connect(string? proxy, TimeSpan connect) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.All,
        ConnectTimeout = connect,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        Proxy = proxy is null ? null : new WebProxy(proxy),
        UseCookies = false,
    });
}
