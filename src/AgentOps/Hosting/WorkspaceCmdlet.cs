using System.Management.Automation;
using AgentOps.Async;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Hosting;

/// <summary>A cmdlet that works on this runspace's workspace.</summary>
public abstract class WorkspaceCmdlet : AsyncCmdlet
{
    private protected async Task<Workspace> GetWorkspaceAsync(CancellationToken cancellationToken)
    {
        var connection = await OnPipelineAsync(() => RunspaceConnection.Current);
        return await connection.GetWorkspaceAsync(cancellationToken);
    }

    private protected async Task<WorkspaceState> GetStateAsync(CancellationToken cancellationToken)
    {
        var workspace = await GetWorkspaceAsync(cancellationToken);
        return await workspace.GetStateAsync(cancellationToken);
    }

    /// <summary>
    /// Writes what the names ask for, each item once and in order. No name stands for all; a pattern without a match is silent; a
    /// literal name without a match is an error about that name alone.
    /// </summary>
    private protected Task WriteMatchesAsync<T>(string[]? names, IEnumerable<T> all, Func<T, string> nameOf, Func<T, object> output, Func<string, AgentOpsException> missing) =>
        ForMatchesAsync(names, all, nameOf, item => WriteAsync(output(item)), missing);

    /// <summary>The same for what is more than one thing to write an item.</summary>
    private protected async Task ForMatchesAsync<T>(string[]? names, IEnumerable<T> all, Func<T, string> nameOf, Func<T, Task> write, Func<string, AgentOpsException> missing)
    {
        var items = all.OrderBy(nameOf, StringComparer.OrdinalIgnoreCase).ToArray();
        var written = new HashSet<int>();
        foreach (var name in names is { Length: > 0 } ? names : ["*"])
        {
            var isPattern = WildcardPattern.ContainsWildcardCharacters(name);
            var pattern = isPattern ? new WildcardPattern(name, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant) : null;
            var matches = Enumerable.Range(0, items.Length)
                .Where(item => pattern?.IsMatch(nameOf(items[item])) ?? string.Equals(nameOf(items[item]), name, StringComparison.OrdinalIgnoreCase))
                .ToArray();
            if (matches.Length == 0 && !isPattern)
            {
                await WriteErrorAsync(Errors.ErrorRecords.From(missing(name), name));
            }

            foreach (var match in matches)
            {
                if (written.Add(match))
                {
                    await write(items[match]);
                }
            }
        }
    }

    /// <summary>Does the same to each name, each for itself: one bad item doesn't stop the next.</summary>
    private protected async Task ForEachNameAsync(IEnumerable<string> names, string action, Func<string, Task> work)
    {
        foreach (var name in names)
        {
            await ForItemAsync(name, async () =>
            {
                if (await ConfirmAsync(name, action))
                {
                    await work(name);
                }
            });
        }
    }

    /// <summary>Gives a file as the provider of the file system does, with all that its views show.</summary>
    private protected async Task WriteFileAsync(string path) => await WriteAsync(await OnPipelineAsync(
        () => InvokeProvider.Item.Get([$"Microsoft.PowerShell.Core\\FileSystem::{path}"], force: true, literalPath: true)[0]));

    /// <summary>The full path of a file or folder that the user named literally, relative to PowerShell's own location.</summary>
    private protected Task<string> ResolveLiteralPathAsync(string literalPath) => OnPipelineAsync(() =>
    {
        try
        {
            var path = SessionState.Path.GetUnresolvedProviderPathFromPSPath(literalPath, out var provider, out _);
            return provider.Name == "FileSystem"
                ? path
                : throw new AgentOpsException(ErrorCodes.PathNotFound, $"'{literalPath}' is no path of the file system.", literalPath);
        }
        catch (RuntimeException exception)
        {
            throw new AgentOpsException(ErrorCodes.PathNotFound, exception.Message, literalPath, innerException: exception);
        }
    });
}
