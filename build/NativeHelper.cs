using System.Security.Cryptography;
using System.Text;

namespace AgentOps.Build;

/// <summary>Publishes the native helper, for net10.0 where its runtime pack restores, else for net9.0.</summary>
internal sealed class NativeHelper(Repository repository, Shell shell)
{
    private const string Preferred = "net10.0";
    private const string Fallback = "net9.0";

    private static readonly string[] Sources =
    [
        "src/AgentOps.Cli", "src/AgentOps.Engine", "src/AgentOps.Protocol", "src/AgentOps.Simulation", "module/catalog", "module/quickstart",
        "Directory.Build.props", "Directory.Packages.props", "global.json",
    ];

    private string? _framework;

    /// <summary>The framework that the helper is published for here.</summary>
    public string Framework => _framework ??= FindFramework();

    public bool IsFallback => Framework == Fallback;

    /// <summary>
    /// Where the native build lies: below the repository, unless its path holds a space, which the native linker's response
    /// would be cut at; then in the temporary folder, under a name that belongs to the repository's path.
    /// </summary>
    public string ArtifactsFolder
    {
        get
        {
            var own = repository.PathOf("artifacts", Framework + "-native");
            if (!own.Any(char.IsWhiteSpace))
            {
                return own;
            }

            var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(own)))[..12];
            return Path.Combine(Path.GetTempPath(), $"agentops-native-{name}");
        }
    }

    /// <summary>Publishes it into module/bin/native unless nothing has changed since.</summary>
    public void Publish()
    {
        var fingerprint = new Fingerprint(repository, $"helper-{Repository.Rid}", Framework, Sources);
        if (IsFallback)
        {
            Say.Note($"The helper is published for {Fallback}: the native runtime pack of {Preferred} can't be restored here.");
        }

        if (fingerprint.IsUnchanged && File.Exists(repository.Helper))
        {
            Say.Note("The helper is up to date.");
            return;
        }

        var artifacts = ArtifactsFolder;
        shell.DotNet("The native helper",
        [
            "publish", "src/AgentOps.Cli", "-c", "Release", "-r", Repository.Rid, "-v", "quiet", "-clp:ErrorsOnly", "-nologo", "-tl:off",
            $"-p:AgentOpsTargetFramework={Framework}", "-p:AgentOpsNative=true", $"-p:ArtifactsPath={artifacts}",
        ]);
        var published = Path.Combine(artifacts, "publish", "AgentOps.Cli", "release_" + Repository.Rid);
        var target = Path.GetDirectoryName(repository.Helper)!;
        Directory.CreateDirectory(target);
        var fresh = Path.Combine(target, Repository.HelperName + ".new");
        File.Copy(Path.Combine(published, Repository.HelperName), fresh, overwrite: true);
        File.Move(fresh, repository.Helper, overwrite: true);
        fingerprint.Save();
    }

    /// <summary>
    /// Restores an empty native project of its own. A failed restore leaves its errors in the obj folder, where a later
    /// restore would repeat them: so it is never tried on the helper's.
    /// </summary>
    private string FindFramework()
    {
        var memory = Path.Combine(repository.Artifacts, $"native-framework-{Repository.Rid}-{Environment.Version}.txt");
        if (File.Exists(memory))
        {
            return File.ReadAllText(memory).Trim();
        }

        var probe = Path.Combine(repository.Artifacts, "native-probe");
        Directory.CreateDirectory(probe);
        try
        {
            File.WriteAllText(Path.Combine(probe, "Directory.Build.props"), "<Project />");
            File.WriteAllText(Path.Combine(probe, "Directory.Packages.props"), "<Project />");
            File.WriteAllText(Path.Combine(probe, "probe.csproj"), $"""
                <Project Sdk="Microsoft.NET.Sdk">
                  <PropertyGroup>
                    <TargetFramework>{Preferred}</TargetFramework>
                    <OutputType>Exe</OutputType>
                    <PublishAot>true</PublishAot>
                    <RuntimeIdentifier>{Repository.Rid}</RuntimeIdentifier>
                  </PropertyGroup>
                </Project>
                """);
            var (exitCode, _) = shell.Capture("dotnet", ["restore", Path.Combine(probe, "probe.csproj"), "-v", "quiet"]);
            var found = exitCode == 0 ? Preferred : Fallback;
            File.WriteAllText(memory, found + Environment.NewLine);
            return found;
        }
        finally
        {
            Directory.Delete(probe, recursive: true);
        }
    }
}
