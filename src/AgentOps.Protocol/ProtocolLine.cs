using System.Text.Json.Serialization;

namespace AgentOps.Protocol;

/// <summary>The first line of a conversation: who speaks, and which version.</summary>
/// <param name="Version">The protocol's version, see <see cref="ProtocolVersion.Current"/>.</param>
/// <param name="Program">The helper's own version.</param>
/// <param name="Command">The command that runs.</param>
public sealed record ProtocolLine(int Version, string Program, string Command)
{
    /// <summary>Always <c>protocol</c>.</summary>
    [JsonPropertyOrder(-1)]
    public string Type { get; init; } = "protocol";
}
