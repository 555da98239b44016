using AgentOps.Engine.Permissions;
using AgentOps.Engine.Tools;

namespace AgentOps.Engine.Verification;

/// <summary>
/// Checks every constraint of a tool on one call. It reads frozen arguments, the session's tool output, what limits hold and the
/// ledger's clock, and nothing of what a model says.
/// </summary>
internal static class TransactionVerifier
{
    public static VerificationResult Verify(
        ToolDefinition tool, BoundArguments arguments, SessionEvidence seen, LimitState limits, string agent, string? onBehalfOf, DateTimeOffset now)
    {
        var constraints = tool.Constraints.Items;
        if (constraints.Count == 0)
        {
            return VerificationResult.Nothing;
        }

        var check = new TransactionCheck(tool, arguments, seen, agent, onBehalfOf, limits, now);
        foreach (var constraint in constraints)
        {
            check.Check(constraint);
        }

        return check.ToResult();
    }
}
