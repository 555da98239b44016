using System.Text.Json.Nodes;
using AgentOps.Engine.Serialization;

namespace AgentOps.Engine.Verification;

/// <summary>A tool's answer that a verification rested on.</summary>
/// <param name="Constraint">The constraint.</param>
/// <param name="Tool">The tool.</param>
/// <param name="Path">The path of the value in its output.</param>
/// <param name="Sequence">The ledger sequence of the call's outcome; null where it is not in the ledger.</param>
public sealed record EvidenceUse(string Constraint, string Tool, string Path, long? Sequence)
{
    internal JsonObject ToJson() => new JsonObject()
        .With("constraint", Constraint)
        .With("tool", Tool)
        .With("path", Path)
        .With("sequence", Sequence);
}
