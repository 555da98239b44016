using System.Text.Json;

namespace AgentOps.Engine.Invocation;

/// <summary>What a tool answered, as the ledger and its payloads tell it.</summary>
/// <param name="Sequence">The ledger sequence of the outcome.</param>
/// <param name="Time">When the outcome was recorded, UTC.</param>
/// <param name="Tool">The tool's name.</param>
/// <param name="Arguments">The recorded arguments of the call.</param>
/// <param name="Content">The output.</param>
/// <param name="IsTruncated">Whether it was cut.</param>
internal sealed record RecordedOutput(long Sequence, DateTimeOffset Time, string Tool, JsonElement Arguments, string Content, bool IsTruncated);
