using System.Text.Json.Serialization;

namespace AgentOps.Protocol;

/// <summary>Why a command failed.</summary>
/// <param name="Id">Stable id of the error.</param>
/// <param name="Message">What was wrong.</param>
/// <param name="Target">The item that it is about: a field, an option, or <c>file:line:column</c>.</param>
/// <param name="Mend">What to do next.</param>
/// <param name="ExitCode">The exit code that follows.</param>
public sealed record ErrorLine(string Id, string Message, string? Target, string Mend, int ExitCode)
{
    /// <summary>Always <c>error</c>.</summary>
    [JsonPropertyOrder(-1)]
    public string Type { get; init; } = "error";
}
