using System.Diagnostics;
using System.Text.Json;
using AgentOps.Engine.Tools;

namespace AgentOps.Engine.Tests.Attacks;

/// <summary>
/// An agent as they are commonly written: it takes the tool whose name comes nearest, puts the arguments into its command line as
/// they are, and runs it. It shows what the same proposals do without governance.
/// </summary>
internal sealed class UngovernedAgent(IReadOnlyCollection<ToolDefinition> tools, AttackWorld world)
{
    public async Task RunAsync(string name, string arguments)
    {
        var wanted = name.Split(':', '\\')[^1].Trim();
        if (tools.FirstOrDefault(tool => string.Equals(tool.Name, wanted, StringComparison.OrdinalIgnoreCase)) is not { } tool)
        {
            return;
        }

        var vector = tool.Settings.GetProperty("command").EnumerateArray().Select(part => part.GetString()!).ToArray();
        foreach (var (parameter, value) in Read(arguments))
        {
            vector = vector.Select(part => part.Replace($"{{{parameter}}}", value, StringComparison.OrdinalIgnoreCase)).ToArray();
        }

        // The tool that speaks goes through a shell, as most do.
        var start = vector[0] == "echo" ? new ProcessStartInfo("bash", ["-c", string.Join(' ', vector)]) : new ProcessStartInfo(vector[0], vector[1..]);
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.WorkingDirectory = world.Root;
        using var process = Process.Start(start)!;
        _ = process.StandardError.ReadToEndAsync();
        await File.AppendAllTextAsync(world.Loot, await process.StandardOutput.ReadToEndAsync());
        await process.WaitForExitAsync();
    }

    /// <summary>Reads what it can: the last of two spellings wins, and what is broken is mended.</summary>
    private static List<(string Name, string Value)> Read(string arguments)
    {
        for (var length = arguments.Length; length > 0; length--)
        {
            foreach (var text in new[] { arguments[..length], arguments[..length] + "}", arguments[..length].TrimStart('[') })
            {
                try
                {
                    using var json = JsonDocument.Parse(text, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip });
                    if (json.RootElement.ValueKind == JsonValueKind.Object)
                    {
                        return json.RootElement.EnumerateObject().Reverse()
                            .Select(member => (member.Name, member.Value.ValueKind == JsonValueKind.String ? member.Value.GetString()! : member.Value.GetRawText())).ToList();
                    }
                }
                catch (JsonException)
                {
                    // Shorter, then.
                }
            }
        }

        return [];
    }
}
