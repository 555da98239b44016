using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using AgentOps.Engine.Workspaces;
using AgentOps.Hosting;

namespace AgentOps.Completion;

/// <summary>
/// Completes names out of this runspace's workspace. It is quick or silent: a person who presses Tab never waits for a store,
/// and never sees an error.
/// </summary>
internal abstract class WorkspaceCompleter : IArgumentCompleter
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(180);

    /// <summary>Names with what the tooltip says of each.</summary>
    protected abstract IEnumerable<(string Name, string Tip)> Candidates(WorkspaceState state, IDictionary bound);

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        try
        {
            return Complete(wordToComplete ?? string.Empty, fakeBoundParameters ?? new Hashtable());
        }
        catch (Exception)
        {
            // Completion has no way to show an error and no right to interrupt: the command itself will tell.
            return [];
        }
    }

    private List<CompletionResult> Complete(string word, IDictionary bound)
    {
        var connection = RunspaceConnection.Current;
        var reading = Task.Run(async () =>
        {
            var workspace = await connection.GetWorkspaceAsync(CancellationToken.None);
            return await workspace.GetStateAsync(CancellationToken.None);
        });
        if (!reading.Wait(Patience))
        {
            return [];
        }

        var start = word.Trim('\'', '"');
        var pattern = new WildcardPattern(WildcardPattern.ContainsWildcardCharacters(start) ? start : WildcardPattern.Escape(start) + "*", WildcardOptions.IgnoreCase);
        return Candidates(reading.Result, bound)
            .Where(candidate => pattern.IsMatch(candidate.Name))
            .OrderBy(candidate => candidate.Name, StringComparer.OrdinalIgnoreCase)
            .Select(candidate => new CompletionResult(Quote(candidate.Name), candidate.Name, CompletionResultType.ParameterValue, candidate.Tip.Length > 0 ? candidate.Tip : candidate.Name))
            .ToList();
    }

    private static string Quote(string name) =>
        name.Length > 0 && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' or '/') && name[0] != '-'
            ? name
            : $"'{CodeGeneration.EscapeSingleQuotedStringContent(name)}'";
}
