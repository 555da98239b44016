using System.Text.Json;

namespace AgentOps.Build.Packaging;

/// <summary>What the module's manifest says, as PowerShell itself reads and tests it.</summary>
internal sealed record ModuleManifest(
    string Name,
    string Version,
    string Author,
    string Company,
    string Copyright,
    string Description,
    string LicenseUri,
    string ProjectUri,
    string ReleaseNotes,
    IReadOnlyList<string> Tags,
    IReadOnlyList<string> Cmdlets)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    public static ModuleManifest Read(PowerShellHost host, string path)
    {
        var (exitCode, output) = host.CaptureScript("build/Packaging/Read-ModuleManifest.ps1", ["-LiteralPath", path]);
        return exitCode == 0
            ? JsonSerializer.Deserialize<ModuleManifest>(output, Options)!
            : throw new BuildFailedException($"Test-ModuleManifest: {output.Trim()}");
    }
}
