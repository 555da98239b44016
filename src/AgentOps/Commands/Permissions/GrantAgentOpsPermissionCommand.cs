using System.Collections;
using System.Management.Automation;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOps.Completion;
using AgentOps.Engine.Permissions;
using AgentOps.Hosting;
using AgentOps.Output;

namespace AgentOps.Commands;

/// <summary>Grants one rule: a permit, a forbid or a require.</summary>
[Cmdlet(VerbsSecurity.Grant, "AgentOpsPermission", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(Grant))]
public sealed class GrantAgentOpsPermissionCommand : WorkspaceCmdlet
{
    private const int LongestId = 100;

    /// <summary>The agents that it speaks of; a permit names them.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(AgentNameCompleter))]
    [Alias("Name")]
    public string[] Agent { get; set; } = [];

    /// <summary>The resources that it speaks of.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ResourceCompleter))]
    public string[] Resource { get; set; } = [];

    /// <summary>What it does.</summary>
    [Parameter]
    [ValidateSet("Permit", "Forbid", "Require")]
    public string Effect { get; set; } = "Permit";

    /// <summary>Constraints by argument.</summary>
    [Parameter]
    public Hashtable? Argument { get; set; }

    /// <summary>Conditions that must all hold.</summary>
    [Parameter]
    public Hashtable[] Condition { get; set; } = [];

    /// <summary>What a require demands.</summary>
    [Parameter]
    public Hashtable[] Obligation { get; set; } = [];

    /// <summary>Those on whose behalf the agent must act.</summary>
    [Parameter]
    public string[] OnBehalfOf { get; set; } = [];

    /// <summary>The rule's id; made from its words where none is given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Id { get; set; }

    /// <summary>When it comes into force.</summary>
    [Parameter]
    public DateTimeOffset NotBefore { get; set; }

    /// <summary>How long it is in force, from now.</summary>
    [Parameter]
    [Duration]
    public TimeSpan ExpiresAfter { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var id = Id ?? MakeId();
        var workspace = await GetWorkspaceAsync(cancellationToken);
        var parameters = Argument is null ? null : ArgumentRules.ParametersOf(await workspace.GetStateAsync(cancellationToken), Resource);
        using var json = JsonDocument.Parse(ToJson(id, parameters).ToJsonString());
        var rule = PolicyRule.FromJson(json.RootElement);
        if (await ConfirmAsync($"{string.Join(", ", Agent)}: {string.Join(", ", Resource)}", $"Grant the {Effect.ToLowerInvariant()} '{id}'"))
        {
            await WriteAsync(Grant.From(await workspace.Permissions.GrantAsync(rule, cancellationToken)));
        }
    }

    private JsonObject ToJson(string id, IReadOnlyList<ToolParameter>? parameters)
    {
        var json = new JsonObject
        {
            ["id"] = id,
            ["effect"] = Effect.ToLowerInvariant(),
            ["resources"] = Texts(Resource),
            ["subjects"] = new JsonObject { ["agents"] = Texts(Agent), ["onBehalfOf"] = Texts(OnBehalfOf) },
        };
        var validity = new JsonObject();
        if (MyInvocation.BoundParameters.ContainsKey(nameof(NotBefore)))
        {
            validity["notBefore"] = Text(NotBefore);
        }

        if (MyInvocation.BoundParameters.ContainsKey(nameof(ExpiresAfter)))
        {
            validity["notAfter"] = Text(DateTimeOffset.UtcNow + ExpiresAfter);
        }

        if (validity.Count > 0)
        {
            json["validity"] = validity;
        }

        if (Argument is not null)
        {
            json["args"] = ArgumentRules.Spell(HashtableJson.ToObject(Argument), parameters);
        }

        if (Condition.Length > 0)
        {
            json["when"] = new JsonArray([.. Condition.Select(HashtableJson.ToObject)]);
        }

        if (Obligation.Length > 0)
        {
            json["obligations"] = new JsonArray([.. Obligation.Select(HashtableJson.ToObject)]);
        }

        return json;
    }

    /// <summary>The same words give the same id, so that granting twice is noticed.</summary>
    private string MakeId()
    {
        var words = string.Join('.', [.. Agent.Take(1), Effect.ToLowerInvariant(), .. Resource.Take(1)]);
        var id = new StringBuilder(words.Length);
        foreach (var letter in words)
        {
            id.Append(char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' ? letter : '-');
        }

        return id.Length > LongestId ? id.ToString(0, LongestId) : id.ToString();
    }

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => JsonValue.Create(text))]);

    private static string Text(DateTimeOffset time) =>
        time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
