using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json.Nodes;

namespace AgentOps.Build.Packaging;

/// <summary>The C library that the sandbox's launcher is linked with, where it stands within it: glibc, of the system that built it.</summary>
internal sealed record CLibrary(string Version)
{
    public string Reference => $"pkg:generic/glibc@{Version}";

    /// <summary>That of the launcher in the folder; null where there is none, or where it uses the library of the host that it runs on.</summary>
    public static CLibrary? Of(ModuleFolder folder)
    {
        var launcher = folder.PathOf($"module/bin/native/{Repository.Rid}/agentops-sandbox");
        if (!File.Exists(launcher) || !Ask(launcher).Contains("not a dynamic", StringComparison.Ordinal))
        {
            return null;
        }

        // "ldd (Debian GLIBC 2.36-9+deb12u13) 2.36"
        var version = Ask("--version").Split('\n')[0].Split(' ')[^1];
        return System.Version.TryParse(version, out _)
            ? new CLibrary(version)
            : throw new BuildFailedException($"'ldd --version' does not tell the version of the C library that '{launcher}' is linked with.");
    }

    public JsonNode Component() => new JsonObject
    {
        ["type"] = "library",
        ["bom-ref"] = Reference,
        ["name"] = "glibc",
        ["version"] = Version,
        ["licenses"] = BillOfMaterials.Licences("LGPL-2.1-or-later", string.Empty),
        ["purl"] = Reference,
        ["properties"] = new JsonArray(new JsonObject { ["name"] = "agentops:used-in", ["value"] = "sandbox" }),
    };

    private static string Ask(string argument)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("ldd", [argument]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return output + errors.Result;
        }
        catch (Win32Exception exception)
        {
            throw new BuildFailedException($"'ldd' can't be started: {exception.Message}");
        }
    }
}
