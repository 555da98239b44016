using System.Text.Json;
using AgentOps.Engine.Serialization;

namespace AgentOps.Engine.Tools.Processes;

/// <summary>
/// The settings of a Process tool: an argument vector per platform. An element <c>{Name}</c> is replaced by that argument; an
/// element with the placeholder of an argument that is not bound is left out.
/// </summary>
/// <param name="Command">The program and its arguments.</param>
internal sealed record ProcessToolSettings(IReadOnlyList<string> Command)
{
    /// <summary>Reads <c>{command: […], windows: […], macos: […], allowLeadingDash: true}</c>; the platform's own vector wins.</summary>
    public static ProcessToolSettings FromJson(JsonElement settings)
    {
        var own = OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "macos" : "linux";
        var command = settings.Strings(own);
        return new ProcessToolSettings(command.Count > 0 ? command : settings.Strings("command"));
    }
}
