using System.Collections;
using System.Management.Automation;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Completion;
using AgentOps.Engine.Invocation;
using AgentOps.Engine.Permissions;
using AgentOps.Engine.Tools;
using AgentOps.Engine.Tools.Isolation;
using AgentOps.Engine.Verification;
using AgentOps.Hosting;
using AgentOps.Output;

namespace AgentOps.Commands;

/// <summary>Registers a tool. Nobody may call it yet: rights are granted.</summary>
[Cmdlet(VerbsLifecycle.Register, "AgentOpsTool", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium, DefaultParameterSetName = CommandSet)]
[OutputType(typeof(Tool))]
public sealed partial class RegisterAgentOpsToolCommand : WorkspaceCmdlet
{
    private const string ScriptSet = "Script";
    private const string ProcessSet = "Process";
    private const string HttpSet = "Http";
    private const string McpSet = "Mcp";
    private const string AgentSet = "Agent";
    private const string AskSet = "Ask";
    private const string OpenApiSet = "OpenApi";

    private readonly List<string> _leftOut = [];

    /// <summary>The tool's name; a command's own where none is given. For a server or an OpenAPI document: what the names of its tools begin with.</summary>
    [Parameter(Position = 0, ParameterSetName = CommandSet)]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ScriptSet)]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ProcessSet)]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = HttpSet)]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = McpSet)]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = AgentSet)]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = AskSet)]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = OpenApiSet)]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = MemorySet)]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>A script block, run in a child process; its <c>param</c> block says what it takes.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ScriptSet)]
    [ValidateNotNull]
    public ScriptBlock? Script { get; set; }

    /// <summary>A program and its arguments, one element each; <c>{Name}</c> stands for a parameter. No shell sees it.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ProcessSet)]
    [ValidateNotNullOrEmpty]
    public string[] Program { get; set; } = [];

    /// <summary>The address; <c>{Name}</c> stands for a parameter. For an OpenAPI document: where its operations are.</summary>
    [Parameter(Mandatory = true, ParameterSetName = HttpSet)]
    [Parameter(ParameterSetName = OpenApiSet)]
    [ValidateNotNullOrEmpty]
    public string Uri { get; set; } = string.Empty;

    /// <summary>The HTTP method.</summary>
    [Parameter(ParameterSetName = HttpSet)]
    [ValidateSet("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")]
    public string Method { get; set; } = "GET";

    /// <summary>The parameters of a program or an address: name, and what is known of it.</summary>
    [Parameter(ParameterSetName = ProcessSet)]
    [Parameter(ParameterSetName = HttpSet)]
    public Hashtable? Parameter { get; set; }

    /// <summary>What it demands: the sandbox, or to run as any other program of the account.</summary>
    [Parameter(ParameterSetName = ScriptSet)]
    [Parameter(ParameterSetName = ProcessSet)]
    [Parameter(ParameterSetName = McpSet)]
    [ValidateSet("Process", "Sandbox")]
    public string? Isolation { get; set; }

    /// <summary>Lets it reach the host's network.</summary>
    [Parameter(ParameterSetName = ScriptSet)]
    [Parameter(ParameterSetName = ProcessSet)]
    [Parameter(ParameterSetName = McpSet)]
    public SwitchParameter AllowNetwork { get; set; }

    /// <summary>Gives it the very files that its path arguments led to when the call was decided; needs -Isolation Sandbox.</summary>
    [Parameter(ParameterSetName = ScriptSet)]
    [Parameter(ParameterSetName = ProcessSet)]
    public SwitchParameter PinPath { get; set; }

    /// <summary>Absolute folders and files that it may write; <c>{Name}</c> stands for a path parameter.</summary>
    [Parameter(ParameterSetName = ScriptSet)]
    [Parameter(ParameterSetName = ProcessSet)]
    [Parameter(ParameterSetName = McpSet)]
    [ValidateNotNullOrEmpty]
    public string[] WritablePath { get; set; } = [];

    /// <summary>A Model Context Protocol server: its program and arguments, one element each, or its http or https address.</summary>
    [Parameter(Mandatory = true, ParameterSetName = McpSet)]
    [ValidateNotNullOrEmpty]
    public string[] Mcp { get; set; } = [];

    /// <summary>Only these of the server's tools, by the server's own names.</summary>
    [Parameter(ParameterSetName = McpSet)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] IncludeTool { get; set; } = ["*"];

    /// <summary>Environment variables of the server's program; a value <c>env:NAME</c> or <c>vault:NAME</c> refers to a secret.</summary>
    [Parameter(ParameterSetName = McpSet)]
    [ValidateNotNull]
    public Hashtable? Environment { get; set; }

    /// <summary>An OpenAPI 3.0 or 3.1 document, JSON or YAML; the path is taken literally.</summary>
    [Parameter(Mandatory = true, ParameterSetName = OpenApiSet)]
    [ValidateNotNullOrEmpty]
    public string OpenApi { get; set; } = string.Empty;

    /// <summary>Only these of the document's operations, by their ids.</summary>
    [Parameter(ParameterSetName = OpenApiSet)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [Alias("Operation")]
    public string[] IncludeOperation { get; set; } = ["*"];

    /// <summary>References to secrets (<c>env:NAME</c>, <c>vault:NAME</c>), by the names of the document's security schemes, or by the header fields that a server is sent them in.</summary>
    [Parameter(ParameterSetName = McpSet)]
    [Parameter(ParameterSetName = OpenApiSet)]
    [ValidateNotNull]
    public Hashtable? SecretName { get; set; }

    /// <summary>Another agent, to be asked in a session of its own.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AgentSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AgentNameCompleter))]
    public string Agent { get; set; } = string.Empty;

    /// <summary>A question to a person.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AskSet)]
    public SwitchParameter Ask { get; set; }

    /// <summary>The fields of the answer, written like parameters; without them the model makes the form.</summary>
    [Parameter(ParameterSetName = AskSet)]
    [ValidateNotNull]
    public Hashtable? Form { get; set; }

    /// <summary>The group of the persons who may answer; without it, anyone.</summary>
    [Parameter(ParameterSetName = AskSet)]
    [ValidateNotNullOrEmpty]
    public string? From { get; set; }

    /// <summary>Lets the address be a private one.</summary>
    [Parameter(ParameterSetName = HttpSet)]
    [Parameter(ParameterSetName = McpSet)]
    [Parameter(ParameterSetName = OpenApiSet)]
    public SwitchParameter AllowPrivateNetwork { get; set; }

    /// <summary>Tells the server which agent calls, for whom and what for, with a signed token that is valid for ten minutes.</summary>
    [Parameter(ParameterSetName = HttpSet)]
    [Parameter(ParameterSetName = McpSet)]
    [Parameter(ParameterSetName = OpenApiSet)]
    public SwitchParameter SendIdentity { get; set; }

    /// <summary>With -SendIdentity, for whom the token is; the address' scheme, host and port where none is given.</summary>
    [Parameter(ParameterSetName = HttpSet)]
    [Parameter(ParameterSetName = McpSet)]
    [Parameter(ParameterSetName = OpenApiSet)]
    [ValidateNotNullOrEmpty]
    public string? Audience { get; set; }

    /// <summary>What the model is told that it does.</summary>
    [Parameter(ParameterSetName = CommandSet)]
    [Parameter(ParameterSetName = ScriptSet)]
    [Parameter(ParameterSetName = ProcessSet)]
    [Parameter(ParameterSetName = HttpSet)]
    [Parameter(ParameterSetName = AgentSet)]
    [Parameter(ParameterSetName = AskSet)]
    [Parameter(ParameterSetName = MemorySet)]
    public string? Description { get; set; }

    /// <summary>What a call does to the world. Where it isn't said: nothing for GET and HEAD of an OpenAPI document and for what recalls facts.</summary>
    [Parameter]
    [ValidateSet("None", "Reversible", "Irreversible")]
    public string SideEffect { get; set; } = "Irreversible";

    /// <summary>The tool that changes it back.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ToolNameCompleter))]
    public string? Compensation { get; set; }

    /// <summary>Hard bounds of a transaction, checked on the call and on what tools answered in the session.</summary>
    [Parameter]
    public Hashtable[] Constraint { get; set; } = [];

    /// <summary>How secret what it answers is.</summary>
    [Parameter]
    [ValidateSet("public", "internal", "confidential", "secret")]
    public string DataClass { get; set; } = "internal";

    /// <summary>Names of the data that every call touches; each needs a permit on <c>data:NAME</c>.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] DataPath { get; set; } = [];

    /// <summary>Absolute folders by the name of their data: path arguments must lead into them, and touch <c>data:NAME/REST</c>.</summary>
    [Parameter]
    [ValidateNotNull]
    public Hashtable DataRoot { get; set; } = [];

    /// <summary>Longest run of one call, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 86_400)]
    public int TimeoutSeconds { get; set; } = 60;

    /// <summary>Most bytes of output that are kept.</summary>
    [Parameter]
    [ValidateRange(1, 16 * 1024 * 1024)]
    public int MaxOutputBytes { get; set; } = 65_536;

    /// <summary>Replaces a tool of that name; permissions pinned to it no longer match.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var workspace = await GetWorkspaceAsync(cancellationToken);
        var offered = await FindAsync(workspace, cancellationToken);
        if (_leftOut.Count > 0)
        {
            await WriteWarningAsync($"Models are not shown these parameters of the script, since they can't give values of their types: {string.Join(", ", _leftOut)}. Write a type such as [string] before each that they are to give.");
        }

        if (ParameterSetName == AgentSet && !(await workspace.GetStateAsync(cancellationToken)).Agents.ContainsKey(Agent))
        {
            await WriteWarningAsync($"There is no agent '{Agent}' yet. Until New-AgentOpsAgent makes it, each call of the tool fails.");
        }

        foreach (var found in offered)
        {
            var definition = (SendIdentity || Audience is not null ? found.WithIdentity(Audience) : found) with
            {
                SideEffect = ParameterSetName is OpenApiSet or MemorySet && !MyInvocation.BoundParameters.ContainsKey(nameof(SideEffect))
                    ? found.SideEffect
                    : Enum.Parse<SideEffect>(SideEffect, ignoreCase: true),
                Compensation = Compensation,
                Constraints = ConstraintSet.Read(new JsonArray([.. Constraint.Select(constraint => HashtableJson.ToObject(constraint))]), found.Parameters),
                Timeout = TimeSpan.FromSeconds(TimeoutSeconds),
                MaxOutputBytes = MaxOutputBytes,
                Isolation = Isolated(),
                Data = new ToolData
                {
                    Class = DataClass.ToLowerInvariant(),
                    Paths = DataPath,
                    Roots = DataRoot.Cast<DictionaryEntry>().ToDictionary(root => (string)root.Key, root => root.Value?.ToString() ?? string.Empty, StringComparer.Ordinal),
                },
            };
            await ForEachNameAsync([definition.Name], $"Register the {definition.Kind} tool", async _ =>
            {
                var registered = await workspace.Tools.RegisterAsync(definition, Force, cancellationToken);
                await WriteAsync(Tool.From(registered, workspace.Tools.Isolation(registered.Definition)));
            });
        }
    }

    private async Task<IReadOnlyList<ToolDefinition>> FindAsync(Engine.Workspaces.Workspace workspace, CancellationToken cancellationToken) => ParameterSetName switch
    {
        McpSet => await ListServerAsync(workspace, cancellationToken),
        OpenApiSet => await ListOperationsAsync(),
        _ => [await OnPipelineAsync(Define)],
    };

    private ToolIsolation Isolated() => new()
    {
        Level = Isolation is null ? null : Enum.Parse<IsolationLevel>(Isolation, ignoreCase: true),
        Network = AllowNetwork,
        Write = WritablePath,
        Pin = PinPath,
    };

    private ToolDefinition Define() => ParameterSetName switch
    {
        CommandSet => DefineCommand(),
        ScriptSet => new ToolDefinition
        {
            Name = Name!,
            Kind = ToolKind.Script,
            Description = Description ?? string.Empty,
            Parameters = CommandLookup.ScriptParameters(Script!.ToString(), _leftOut),
            Settings = Settings(new JsonObject { ["text"] = Script.ToString() }),
        },
        ProcessSet => new ToolDefinition
        {
            Name = Name!,
            Kind = ToolKind.Process,
            Description = Description ?? string.Empty,
            Parameters = ToolParameterTable.Read(Parameter),
            Settings = Settings(new JsonObject { ["command"] = new JsonArray([.. Program.Select(part => JsonValue.Create(part))]) }),
        },
        MemorySet => DefineMemory(),
        AskSet => new ToolDefinition
        {
            Name = Name!,
            Kind = ToolKind.Ask,
            Description = Description ?? "Asks a person.",
            Parameters = QuestionParameters.Of(Form is not null),
            Settings = Settings(QuestionSettings()),
        },
        AgentSet => new ToolDefinition
        {
            Name = Name!,
            Kind = ToolKind.Agent,
            Description = Description ?? $"Asks the agent {Agent}.",
            Parameters = [new ToolParameter("Prompt", ParameterType.String, IsMandatory: true, Description: "What the agent is asked.")],
            Settings = Settings(new JsonObject { ["name"] = Agent }),
        },
        _ => new ToolDefinition
        {
            Name = Name!,
            Kind = ToolKind.Http,
            Description = Description ?? string.Empty,
            Parameters = ToolParameterTable.Read(Parameter),
            Settings = Settings(HttpSettings()),
        },
    };

    private JsonObject QuestionSettings()
    {
        var settings = new JsonObject();
        if (Form is not null)
        {
            settings["form"] = QuestionParameters.WriteForm(ToolParameterTable.Read(Form));
        }

        if (From is not null)
        {
            settings["from"] = From;
        }

        return settings;
    }

    private JsonObject HttpSettings()
    {
        var settings = new JsonObject { ["method"] = Method.ToUpperInvariant(), ["uri"] = Uri };
        if (AllowPrivateNetwork)
        {
            settings["allowPrivateNetwork"] = true;
        }

        return settings;
    }

    private static JsonElement Settings(JsonObject json)
    {
        using var document = JsonDocument.Parse(json.ToJsonString());
        return document.RootElement.Clone();
    }
}
