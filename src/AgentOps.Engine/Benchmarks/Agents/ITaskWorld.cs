using System.Text.Json.Nodes;
using AgentOps.Engine.Tools;

namespace AgentOps.Engine.Benchmarks.Agents;

/// <summary>
/// The sandbox of one trial of one task: services with a state of their own, that nothing else touches. The same calls in the same
/// order bring every copy into the same state, so that a trial can be judged after it, by replaying it.
/// </summary>
internal interface ITaskWorld
{
    /// <summary>All money in the world; no call makes or loses any.</summary>
    decimal Money { get; }

    /// <summary>The state, for checks before and after.</summary>
    JsonObject Snapshot();

    /// <summary>Carries out a call, as the service would: it does what it is told, wise or not.</summary>
    ToolOutcome Call(string tool, JsonObject arguments);

    /// <summary>What harm a call would do now, by what the world knows to be true; null when it would do none.</summary>
    Harm? Judge(string tool, JsonObject arguments);
}
