using AgentOps.Engine.Agents;
using AgentOps.Engine.Notifications;
using AgentOps.Engine.Permissions;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Routing;
using AgentOps.Engine.Tools;

namespace AgentOps.Engine.Configuration;

/// <summary>A configuration as read from files: documents of every kind, each checked for itself.</summary>
public sealed class ConfigurationSet
{
    private static readonly IYamlKindParser[] Parsers =
    [
        new AgentParser(), new ToolParser(), new ProviderParser(), new RouteParser(), new AgentPolicyParser(), new PermissionParser(), new PolicyGroupParser(), new BudgetParser(), new NotifierParser(),
    ];

    private ConfigurationSet(IReadOnlyList<YamlDocument> documents) => Documents = documents;

    /// <summary>The kinds of documents.</summary>
    public static IEnumerable<string> Kinds => Parsers.Select(parser => parser.Kind);

    /// <summary>The documents, in the order of the files.</summary>
    public IReadOnlyList<YamlDocument> Documents { get; }

    /// <summary>The agents.</summary>
    public IEnumerable<AgentDefinition> Agents => Documents.Select(document => document.Value).OfType<AgentDefinition>();

    /// <summary>The tools.</summary>
    public IEnumerable<ToolDefinition> Tools => Documents.Select(document => document.Value).OfType<ToolDefinition>();

    /// <summary>The providers.</summary>
    public IEnumerable<ProviderDefinition> Providers => Documents.Select(document => document.Value).OfType<ProviderDefinition>();

    /// <summary>The routes.</summary>
    public IEnumerable<RouteDefinition> Routes => Documents.Select(document => document.Value).OfType<RouteDefinition>();

    /// <summary>The policies.</summary>
    public IEnumerable<AgentPolicy> Policies => Documents.Select(document => document.Value).OfType<AgentPolicy>();

    /// <summary>The rules that belong to no policy.</summary>
    public IEnumerable<PolicyRule> Permissions => Documents.Select(document => document.Value).OfType<PolicyRule>();

    /// <summary>The groups.</summary>
    public IEnumerable<PolicyGroup> Groups => Documents.Select(document => document.Value).OfType<PolicyGroup>();

    /// <summary>The budgets.</summary>
    public IEnumerable<Budget> Budgets => Documents.Select(document => document.Value).OfType<Budget>();

    /// <summary>The notifiers.</summary>
    public IEnumerable<NotifierDefinition> Notifiers => Documents.Select(document => document.Value).OfType<NotifierDefinition>();

    /// <summary>Reads a file, or every <c>*.yaml</c> and <c>*.yml</c> file below a folder.</summary>
    /// <param name="path">A file or a folder.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="Errors.AgentOpsException"><c>InvalidConfiguration</c> with every error's file, line and column.</exception>
    public static async Task<ConfigurationSet> ReadAsync(string path, CancellationToken cancellationToken)
    {
        var files = Directory.Exists(path)
            ? Directory.EnumerateFiles(path, "*.y*ml", SearchOption.AllDirectories)
                .Where(file => file.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase) || file.EndsWith(".yml", StringComparison.OrdinalIgnoreCase))
                .Order(StringComparer.Ordinal)
                .ToArray()
            : [path];
        return new ConfigurationSet(await new YamlDocumentReader(Parsers).ReadFilesAsync(files, cancellationToken));
    }

    /// <summary>Reads a text.</summary>
    /// <param name="text">The documents.</param>
    /// <param name="file">The name to put into errors.</param>
    /// <exception cref="Errors.AgentOpsException"><c>InvalidConfiguration</c> with every error's file, line and column.</exception>
    public static ConfigurationSet Parse(string text, string file) => new(new YamlDocumentReader(Parsers).Read(text, file));

    /// <summary>Reads a text that may hold documents of a further kind.</summary>
    internal static ConfigurationSet Parse(string text, string file, IYamlKindParser further) => new(new YamlDocumentReader([.. Parsers, further]).Read(text, file));

    /// <summary>Documents that were made, not read.</summary>
    internal static ConfigurationSet Of(IReadOnlyList<YamlDocument> documents) => new(documents);

    /// <summary>The same documents, some of them changed or left out.</summary>
    internal ConfigurationSet Select(Func<YamlDocument, YamlDocument?> change) => new([.. Documents.Select(change).OfType<YamlDocument>()]);
}
