using AgentOps.Engine.Agents;
using AgentOps.Engine.Approvals;
using AgentOps.Engine.Benchmarks.Endpoints;
using AgentOps.Engine.Configuration;
using AgentOps.Engine.Identity;
using AgentOps.Engine.Invocation;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Memories;
using AgentOps.Engine.Notifications;
using AgentOps.Engine.Permissions;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Routing;
using AgentOps.Engine.Sessions;
using AgentOps.Engine.Tools;
using AgentOps.Engine.Tools.Http;
using AgentOps.Engine.Tools.Isolation;
using AgentOps.Engine.Tools.Mcp;
using AgentOps.Engine.Tools.Processes;
using AgentOps.Engine.Accounting;

namespace AgentOps.Engine.Workspaces;

/// <summary>One store with everything that can be done on it. Safe for any number of threads; any number of processes may share a store.</summary>
public sealed class Workspace : IAsyncDisposable
{
    private readonly WorkspaceLedger _ledger;
    private readonly ProviderFactory _providerFactory;
    private readonly HttpToolExecutor _http;
    private readonly McpToolExecutor _mcp;
    private readonly RequestNotifier _notifier;
    private readonly TokenIssuer _tokens;

    private Workspace(OpenedLedger opened, WorkspaceProjection projection, WorkspaceOptions options, SecretRedactor redactor, string onBehalfOf)
    {
        var (store, payloads, account) = opened;
        _ledger = new WorkspaceLedger(store, projection);
        var isolation = new HostIsolation(new Lazy<SandboxSearch>(() =>
            Sandbox.Find(options.SandboxFolder, LedgerStores.LocalFolders(options.Store, WorkspaceOptions.DefaultStore()))));
        var secrets = new LearningSecretResolver(options.Secrets ?? new EnvironmentSecretResolver(), redactor);
        var servers = new McpServers(secrets, redactor);
        _http = new HttpToolExecutor(secrets);
        _mcp = new McpToolExecutor(servers);
        var executors = new IToolExecutor[] { new ProcessToolExecutor(), _http, _mcp, new AgentToolExecutor(() => Invoker!, id => _ledger.Seen.Sessions.GetValueOrDefault(id)), new AskToolExecutor(payloads), new MemoryToolExecutor(_ledger, payloads, redactor) }
            .Concat(options.Executors)
            .ToDictionary(executor => executor.Kind);
        _providerFactory = new ProviderFactory(secrets, options.Time, options.Models);
        _notifier = new RequestNotifier(_ledger, secrets, redactor);
        var routers = new RouterCache(_providerFactory, options.Time, options.Catalog);
        var groups = new ExternalGroups(opened.Groups);
        var policies = new PolicyCache(groups);
        var models = new ModelGate(policies, isolation);

        OnBehalfOf = onBehalfOf;
        Payloads = payloads;
        Agents = new AgentDirectory(_ledger);
        Identities = new IdentityDirectory(_ledger, new AgentKeyFolder(Path.Combine(opened.KeyFolder, "agents"), opened.Files), options.Time);
        _tokens = new TokenIssuer(_ledger, Identities, redactor, options.Time);
        Tools = new ToolRegistry(_ledger, executors, isolation);
        McpCatalog = new McpCatalog(servers, isolation);
        Budgets = new BudgetBook(_ledger);
        Permissions = new PermissionBook(_ledger, policies, isolation);
        Providers = new ProviderRegistry(_ledger, _providerFactory);
        Routes = new RouteTable(_ledger, routers, Permissions);
        Sessions = new SessionDirectory(_ledger, payloads, options.Time);
        Memory = new MemoryDirectory(_ledger, payloads);
        Persons = new PersonDirectory(_ledger);
        Requests = new RequestDirectory(_ledger, payloads, groups, account);
        Endpoints = new EndpointDirectory(_ledger, routers);
        Prompts = new RouteInvoker(_ledger, routers);
        Batches = new BatchDirectory(_ledger, payloads, routers, _providerFactory, redactor, options.Time);
        Probe = new ProviderProbe(_ledger, routers);
        Served = new ServedSessions(_ledger, Identities, Permissions, Prompts, models, redactor, account, onBehalfOf, options.Time);
        Usage = new UsageMeter(store);
        Configuration = new ConfigurationImporter(_ledger);
        Invoker = new AgentInvoker(_ledger, executors, isolation, policies, models, routers, redactor, Payloads, _notifier, _tokens, account, onBehalfOf, options.Time);
    }

    /// <summary>The store.</summary>
    public ILedgerStore Ledger => _ledger.Store;

    /// <summary>Whom agents act for.</summary>
    public string OnBehalfOf { get; }

    /// <summary>Prompts, answers and tool output, by reference.</summary>
    public IPayloadStore Payloads { get; }

    /// <summary>Agents.</summary>
    public AgentDirectory Agents { get; }

    /// <summary>The keys with which agents prove who they are.</summary>
    public IdentityDirectory Identities { get; }

    /// <summary>Tools.</summary>
    public ToolRegistry Tools { get; }

    /// <summary>What Model Context Protocol servers offer.</summary>
    public McpCatalog McpCatalog { get; }

    /// <summary>Budgets.</summary>
    public BudgetBook Budgets { get; }

    /// <summary>Permissions.</summary>
    public PermissionBook Permissions { get; }

    /// <summary>Providers.</summary>
    public ProviderRegistry Providers { get; }

    /// <summary>Routes.</summary>
    public RouteTable Routes { get; }

    /// <summary>Prompts down a route, without an agent.</summary>
    public RouteInvoker Prompts { get; }

    /// <summary>Sessions of clients that call a served route as an agent.</summary>
    public ServedSessions Served { get; }

    /// <summary>Prompts through providers' batch interfaces.</summary>
    public BatchDirectory Batches { get; }

    /// <summary>Small calls that show whether a provider can be used.</summary>
    public ProviderProbe Probe { get; }

    /// <summary>Targets of routes, to be measured.</summary>
    public EndpointDirectory Endpoints { get; }

    /// <summary>Sessions.</summary>
    public SessionDirectory Sessions { get; }

    /// <summary>The facts that agents keep.</summary>
    public MemoryDirectory Memory { get; }

    /// <summary>Keys that are registered as persons.</summary>
    public PersonDirectory Persons { get; }

    /// <summary>What persons are asked.</summary>
    public RequestDirectory Requests { get; }

    /// <summary>What models used.</summary>
    public UsageMeter Usage { get; }

    /// <summary>Configuration from files.</summary>
    public ConfigurationImporter Configuration { get; }

    /// <summary>Invocation of agents.</summary>
    public AgentInvoker Invoker { get; }

    /// <summary>Opens the store, and makes it where there is none.</summary>
    /// <exception cref="Errors.AgentOpsException">The folder can't be used, or the ledger does not hold together.</exception>
    public static async ValueTask<Workspace> OpenAsync(WorkspaceOptions options, CancellationToken cancellationToken)
    {
        var projection = new WorkspaceProjection();
        var redactor = new SecretRedactor();
        var opened = await LedgerStores.OpenAsync(
            options.Store,
            WorkspaceOptions.DefaultStore(),
            new Actor(null, $"os:{Environment.UserName}", Environment.MachineName, FormattableString.Invariant($"{options.HostName}:{Environment.ProcessId}")),
            redactor,
            projection,
            options.Time,
            cancellationToken);
        var onBehalfOf = options.OnBehalfOf is { Length: > 0 } user ? user : opened.Account;
        return new Workspace(opened, projection, options, redactor, onBehalfOf);
    }

    /// <summary>The state with everything that any process has appended until now.</summary>
    public ValueTask<WorkspaceState> GetStateAsync(CancellationToken cancellationToken) => _ledger.RefreshAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ledger.Store.DisposeAsync();
        _providerFactory.Dispose();
        _http.Dispose();
        await _mcp.DisposeAsync();
        _notifier.Dispose();
        _tokens.Dispose();
        Identities.Dispose();
    }
}
