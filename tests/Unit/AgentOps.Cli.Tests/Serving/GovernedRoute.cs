using System.Net;
using System.Text;
using AgentOps.Cli.Serving;
using AgentOps.Engine.Configuration;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Permissions;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Cli.Tests.Serving;

/// <summary>A workspace whose route is served on the loopback.</summary>
internal sealed class GovernedRoute : IAsyncDisposable
{
    private const string Body = """{"model":"any","messages":[{"role":"user","content":"<text>"}],"max_tokens":50,"stream":<stream>,"stream_options":{"include_usage":true}}""";

    private readonly TemporaryFolder _folder;
    private readonly HttpClient _client = new();

    private GovernedRoute(TemporaryFolder folder, string store, Workspace workspace, ModelServer server)
    {
        _folder = folder;
        Store = store;
        Workspace = workspace;
        Server = server;
        _client.BaseAddress = new Uri(server.Address);
    }

    public Workspace Workspace { get; }

    public ModelServer Server { get; }

    /// <summary>The store.</summary>
    public string Store { get; }

    /// <param name="steps">What the model says, as YAML.</param>
    /// <param name="clearance">What the provider is cleared for.</param>
    /// <param name="key">The key that callers must send.</param>
    /// <param name="agentsOnly">Whether only agents are let in.</param>
    /// <param name="store">The store; null for a folder of its own.</param>
    /// <param name="model">The model, where it follows no steps.</param>
    /// <param name="stopping">Ends the calls under way.</param>
    public static async Task<GovernedRoute> StartAsync(
        string steps, string clearance = "secret", string? key = null, bool agentsOnly = false, string? store = null, IModelProvider? model = null, CancellationToken stopping = default)
    {
        var folder = new TemporaryFolder();
        store ??= folder.Path;
        var workspace = await Workspace.OpenAsync(new WorkspaceOptions { Store = store, HostName = "test", Models = model is null ? [] : [model] }, CancellationToken.None);
        await workspace.Configuration.ImportAsync(ConfigurationSet.Parse($$"""
            apiVersion: agentops/v1
            kind: Provider
            name: scripted
            protocol: simulated
            clearance: {{clearance}}
            options:
              scenario: {{steps}}
            ---
            apiVersion: agentops/v1
            kind: Route
            name: chat
            targets: [{provider: scripted, model: m, price: {input: "1000", output: "1000"} }]
            """, "test.yaml"), CancellationToken.None);
        var route = new ServedRoute(workspace, "chat", agentsOnly);
        var server = await ModelServer.StartAsync(ServedSource.Of(route, stopping), new IPEndPoint(IPAddress.Loopback, 0), default, new ServedGate(key, "secret", route));
        return new GovernedRoute(folder, store, workspace, server);
    }

    public Task SetBudgetAsync(decimal max, string? task = null) => Workspace.Budgets.SetAsync(
        new Budget { Name = "b", Scope = task is null ? BudgetScope.Workspace : BudgetScope.Task, Of = task, Max = max }, CancellationToken.None).AsTask();

    public async Task<BudgetUse> UseAsync()
    {
        var state = await Workspace.GetStateAsync(CancellationToken.None);
        return BudgetBook.UseOf(state, state.Budgets["b"], DateTimeOffset.UtcNow);
    }

    /// <summary>Sends a chat; the answer is given once its headers are there.</summary>
    public Task<HttpResponseMessage> SendAsync(string text, bool stream, params (string Name, string Value)[] headers) => PostAsync(
        "/v1/chat/completions", Body.Replace("<text>", text, StringComparison.Ordinal).Replace("<stream>", stream ? "true" : "false", StringComparison.Ordinal), headers);

    /// <summary>Sends a body; the answer is given once its headers are there.</summary>
    public Task<HttpResponseMessage> PostAsync(string path, string body, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    public Task<HttpResponseMessage> GetAsync(string path) => _client.GetAsync(new Uri(path, UriKind.Relative));

    /// <summary>Closes the client's connections, whatever they wait for.</summary>
    public void Leave() => _client.Dispose();

    /// <summary>The records of model calls, waited for up to ten seconds until there are as many.</summary>
    public async Task<IReadOnlyList<LedgerRecord>> CallsAsync(int count)
    {
        for (var tries = 0; ; tries++)
        {
            var records = new List<LedgerRecord>();
            await foreach (var record in Workspace.Ledger.ReadAsync(new LedgerQuery { Type = "model.*" }, CancellationToken.None))
            {
                records.Add(record);
            }

            if (records.Count >= count || tries == 200)
            {
                return records;
            }

            await Task.Delay(50);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await Server.DisposeAsync();
        await Workspace.DisposeAsync();
        _folder.Dispose();
    }
}
