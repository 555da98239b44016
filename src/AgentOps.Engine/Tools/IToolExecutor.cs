namespace AgentOps.Engine.Tools;

/// <summary>
/// Runs the tools of one kind. Only the invocation loop holds executors, behind the authorizer; there is no other way to one.
/// </summary>
public interface IToolExecutor
{
    /// <summary>The kind of tools that it runs.</summary>
    ToolKind Kind { get; }

    /// <summary>What separates a running tool from the host, in a few words for an administrator.</summary>
    string Isolation { get; }

    /// <summary>Whether its tools use the session's folder, so that it must be there.</summary>
    bool NeedsFolder => true;

    /// <summary>Whether calls of a session that only read may run side by side.</summary>
    bool MayOverlap => true;

    /// <summary>
    /// Runs one authorized call. A failure of the tool is an outcome, not an exception; cancellation ends the tool with all
    /// its children within a second and throws <see cref="OperationCanceledException"/>.
    /// </summary>
    /// <param name="invocation">The tool and its frozen arguments, the very ones that were authorized.</param>
    /// <param name="cancellationToken">Stops the tool.</param>
    ValueTask<ToolOutcome> ExecuteAsync(ToolInvocation invocation, CancellationToken cancellationToken);
}
