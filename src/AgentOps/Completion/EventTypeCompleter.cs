using System.Collections;
using System.Reflection;
using AgentOps.Engine.Workspaces;

namespace AgentOps.Completion;

/// <summary>Completes types of ledger records.</summary>
internal sealed class EventTypeCompleter : WorkspaceCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string Tip)> Candidates(WorkspaceState state, IDictionary bound) =>
        typeof(EventTypes).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(field => field.IsLiteral && field.FieldType == typeof(string))
            .Select(field => ((string)field.GetRawConstantValue()!, string.Empty));
}
