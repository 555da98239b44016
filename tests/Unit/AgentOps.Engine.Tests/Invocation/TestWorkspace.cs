using AgentOps.Engine.Configuration;
using AgentOps.Engine.Invocation;
using AgentOps.Engine.Ledger;
using AgentOps.Engine.Tools;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Engine.Tests.Invocation;

/// <summary>A workspace in a folder of its own, with one agent on a scripted model and Process tools of this host.</summary>
internal sealed class TestWorkspace : IAsyncDisposable
{
    private readonly bool _ownsFolder;

    private TestWorkspace(Workspace workspace, string folder, bool ownsFolder)
    {
        Workspace = workspace;
        Folder = folder;
        _ownsFolder = ownsFolder;
    }

    public Workspace Workspace { get; }

    /// <summary>The store.</summary>
    public string Folder { get; }

    /// <summary>A folder beside the store, where tools may leave what they do.</summary>
    public string Outside { get; } = Directory.CreateTempSubdirectory("agentops-outside-").FullName;

    public static Task<TestWorkspace> OpenAsync(string? folder = null, params IToolExecutor[] executors) => OpenAsync(folder, null, executors);

    public static async Task<TestWorkspace> OpenAsync(string? folder, string? person, params IToolExecutor[] executors)
    {
        var path = folder ?? Directory.CreateTempSubdirectory("agentops-test-").FullName;
        return new TestWorkspace(
            await Workspace.OpenAsync(new WorkspaceOptions { Store = path, HostName = "test", OnBehalfOf = person, Executors = executors }, CancellationToken.None),
            path,
            folder is null);
    }

    /// <summary>Imports tools (<c>$OUTSIDE</c> stands for <see cref="Outside"/>), an agent <c>a</c> that is shown all of them, and what a scenario's steps say.</summary>
    public async Task ImportAsync(string steps, string rules, string agent = "", string tools = Tools, IReadOnlyList<string>? toolNames = null)
    {
        var text = $$$"""
            apiVersion: agentops/v1
            kind: Provider
            name: scripted
            protocol: simulated
            options:
              scenario:
                steps:
            {{{Indent(steps, 4)}}}
            ---
            apiVersion: agentops/v1
            kind: Route
            name: default
            targets:
            - {provider: scripted, model: m, price: {input: "1000", output: "1000"}}
            ---
            {{{tools.Replace("$OUTSIDE", Outside, StringComparison.Ordinal)}}}
            ---
            apiVersion: agentops/v1
            kind: Agent
            name: a
            route: default
            tools: [{{{string.Join(", ", toolNames ?? ToolNames(tools))}}}]
            {{{agent}}}
            ---
            apiVersion: agentops/v1
            kind: AgentPolicy
            name: p
            subjects: {agents: [a]}
            rules:
            {{{rules}}}
            """;
        await Workspace.Configuration.ImportAsync(ConfigurationSet.Parse(text, "test.yaml"), CancellationToken.None);
    }

    public async Task<(InvocationResult Result, List<SessionEvent> Events)> InvokeAsync(InvocationRequest? request = null, CancellationToken cancellationToken = default)
    {
        var events = new List<SessionEvent>();
        await foreach (var item in Workspace.Invoker.InvokeAsync(request ?? new InvocationRequest { Agent = "a", Prompt = "go" }, cancellationToken))
        {
            events.Add(item);
        }

        return (events[^1].Result!, events);
    }

    public async Task<List<LedgerRecord>> AuditAsync(string? session = null)
    {
        var records = new List<LedgerRecord>();
        await foreach (var record in Workspace.Ledger.ReadAsync(new LedgerQuery { Session = session }, CancellationToken.None))
        {
            records.Add(record);
        }

        return records;
    }

    public async ValueTask DisposeAsync()
    {
        await Workspace.DisposeAsync();
        Directory.Delete(Outside, recursive: true);
        if (_ownsFolder)
        {
            Directory.Delete(Folder, recursive: true);
        }
    }

    private static IEnumerable<string> ToolNames(string tools) =>
        tools.Split('\n').Where(line => line.StartsWith("name: ", StringComparison.Ordinal)).Select(line => line["name: ".Length..]);

    private static string Indent(string text, int spaces) =>
        string.Join('\n', text.Split('\n').Select(line => new string(' ', spaces) + line));

    /// <summary>Gives back its text.</summary>
    public const string Echo = """
        apiVersion: agentops/v1
        kind: Tool
        name: Echo
        process: {command: [echo, "{Text}"]}
        parameters: {Text: {type: string, mandatory: true}}
        sideEffect: none
        """;

    /// <summary>Sleeps, and is taken to change something.</summary>
    public const string Sleep = """
        apiVersion: agentops/v1
        kind: Tool
        name: Sleep
        process: {command: [sleep, "{Seconds}"]}
        parameters: {Seconds: {type: integer, mandatory: true}}
        sideEffect: irreversible
        """;

    /// <summary>Sleeps, and only reads.</summary>
    public const string SleepQuietly = """
        apiVersion: agentops/v1
        kind: Tool
        name: Sleep-Quietly
        process: {command: [sleep, "{Seconds}"]}
        parameters: {Seconds: {type: integer, mandatory: true}}
        sideEffect: none
        """;

    private const string Tools = $$$"""
        {{{Echo}}}
        ---
        apiVersion: agentops/v1
        kind: Tool
        name: Touch
        process: {command: [touch, "{Path}"]}
        isolation: {write: ["{Path}"]}
        parameters: {Path: {type: path, mandatory: true}}
        sideEffect: irreversible
        ---
        {{{Sleep}}}
        ---
        {{{SleepQuietly}}}
        timeout: PT0.2S
        """;
}
