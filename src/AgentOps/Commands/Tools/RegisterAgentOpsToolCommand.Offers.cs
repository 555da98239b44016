using System.Collections;
using System.Management.Automation;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Tools;
using AgentOps.Engine.Tools.OpenApi;

namespace AgentOps.Commands;

/// <content>Tools that a server or a document offers.</content>
public sealed partial class RegisterAgentOpsToolCommand
{
    /// <summary>The server is started, or called, to say what it has; under -WhatIf nothing is.</summary>
    private async Task<IReadOnlyList<ToolDefinition>> ListServerAsync(Engine.Workspaces.Workspace workspace, CancellationToken cancellationToken)
    {
        var isAddress = Mcp.Length == 1 && System.Uri.TryCreate(Mcp[0], UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https";

        // Nothing that the user gave is left unused in silence.
        if (isAddress && Environment is not null)
        {
            throw new AgentOpsException(ErrorCodes.ToolInvalid, $"The server '{Name}' is called at its address, and has no environment here.", Name, "Give it secrets with -SecretName, and leave out -Environment.");
        }

        if (!await ConfirmAsync(string.Join(' ', Mcp), "Ask the server for its tools"))
        {
            return [];
        }

        var tools = await workspace.McpCatalog.ListAsync(
            Name!, isAddress ? [] : Mcp, Table(Environment), isAddress ? new Uri(Mcp[0]) : null, AllowPrivateNetwork, Table(SecretName), Isolated(), cancellationToken);
        return await ChooseAsync(IncludeTool, tools, tool => tool.Name[(Name!.Length + 1)..], name => $"The server '{Name}' has no tool '{name}'.");
    }

    /// <summary>One tool an operation; one that can't be made a tool is an error of its own.</summary>
    private async Task<IReadOnlyList<ToolDefinition>> ListOperationsAsync()
    {
        var document = OpenApiDocument.Load(await OnPipelineAsync(() => GetUnresolvedProviderPathFromPSPath(OpenApi)));
        var options = new OpenApiOptions { Server = Uri.Length > 0 ? Address() : null, Secrets = Table(SecretName), AllowPrivateNetwork = AllowPrivateNetwork };
        var tools = new List<ToolDefinition>();
        var told = new HashSet<string>(StringComparer.Ordinal);
        foreach (var operation in await ChooseAsync(IncludeOperation, document.Operations, one => one.Id, name => $"The document '{OpenApi}' has no operation '{name}'."))
        {
            try
            {
                tools.Add(document.Define(operation, ToolNames.Under(Name!, operation.Id), options));
            }
            catch (AgentOpsException fault) when (!told.Add(fault.Message))
            {
                // What is wrong with the document, and not with one operation, is said once.
            }
            catch (AgentOpsException fault)
            {
                await WriteErrorAsync(Errors.ErrorRecords.From(fault, operation.Id));
            }
        }

        return tools;
    }

    /// <summary>What matches the patterns; a name that is no pattern and matches nothing is an error.</summary>
    private async Task<IReadOnlyList<T>> ChooseAsync<T>(string[] names, IReadOnlyList<T> offered, Func<T, string> nameOf, Func<string, string> missing)
    {
        var patterns = names.Select(name => new WildcardPattern(name, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant)).ToArray();
        foreach (var name in names.Where(name => !WildcardPattern.ContainsWildcardCharacters(name) && !offered.Any(one => string.Equals(nameOf(one), name, StringComparison.OrdinalIgnoreCase))))
        {
            await WriteErrorAsync(Errors.ErrorRecords.From(new AgentOpsException(ErrorCodes.ToolNotFound, missing(name), name), name));
        }

        return offered.Where(one => Array.Exists(patterns, pattern => pattern.IsMatch(nameOf(one)))).ToArray();
    }

    private Uri Address() => System.Uri.TryCreate(Uri, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
        ? uri
        : throw new AgentOpsException(ErrorCodes.ToolInvalid, $"'{Uri}' is no http or https address.", Uri);

    private static Dictionary<string, string> Table(Hashtable? table) =>
        (table ?? []).Cast<DictionaryEntry>().ToDictionary(entry => (string)entry.Key, entry => entry.Value?.ToString() ?? string.Empty, StringComparer.Ordinal);
}
