using AgentOps.Engine.Configuration;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Tools;

namespace AgentOps.Engine.Verification;

/// <summary>Whether a tool's constraints can be kept in this workspace: the tools whose answers they need are there, and take what they are compared by.</summary>
internal static class ConstraintCheck
{
    public static void Check(ToolDefinition tool, Func<string, ToolDefinition?> find)
    {
        foreach (var constraint in tool.Constraints.Items)
        {
            foreach (var source in constraint.Sources)
            {
                var asked = find(source.Tool) ?? throw new AgentOpsException(
                    ErrorCodes.ToolNotFound, $"The constraint '{constraint.Kind}' of the tool '{tool.Name}' needs the answers of '{source.Tool}', which does not exist.", source.Tool);
                foreach (var (theirs, ours) in source.SameArguments)
                {
                    Compare(tool, constraint, asked, theirs, ours);
                }
            }
        }
    }

    private static void Compare(ToolDefinition tool, TransactionConstraint constraint, ToolDefinition asked, string theirs, string ours)
    {
        var parameter = asked.Parameters.FirstOrDefault(candidate => string.Equals(candidate.Name, theirs, StringComparison.OrdinalIgnoreCase));
        if (parameter is null)
        {
            var hint = YamlSuggestion.Hint(theirs, asked.Parameters.Select(candidate => candidate.Name).ToArray());
            throw Invalid(tool, $"its constraint '{constraint.Kind}' compares with '{theirs}', which is no parameter of '{asked.Name}'{hint}");
        }

        var own = tool.Parameters.First(candidate => string.Equals(candidate.Name, ours, StringComparison.OrdinalIgnoreCase));
        if (own.Type.Kind != parameter.Type.Kind)
        {
            throw Invalid(tool, $"its constraint '{constraint.Kind}' compares '{own.Name}' ({own.Type}) with '{parameter.Name}' of '{asked.Name}' ({parameter.Type}), which are never the same");
        }
    }

    private static AgentOpsException Invalid(ToolDefinition tool, string why) =>
        new(ErrorCodes.ToolInvalid, $"The tool '{tool.Name}' can't be registered: {why}.", tool.Name);
}
