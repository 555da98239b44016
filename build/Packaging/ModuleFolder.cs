using System.Security.Cryptography;

namespace AgentOps.Build.Packaging;

/// <summary>The folder that the module is, once installed: what PowerShell loads, and what a person reads beside it.</summary>
internal sealed class ModuleFolder(Repository repository, string version)
{
    private const string ReleaseNotesLine = "            ReleaseNotes = ''";

    private static readonly string[] Parts =
        ["AgentOps.psd1", "LICENSE", "README.md", "CHANGELOG.md", "module", "en-US"];

    /// <summary>Every platform that the helper is published for.</summary>
    public static IReadOnlyList<string> KnownPlatforms { get; } =
        ["linux-arm64", "linux-x64", "osx-arm64", "win-arm64", "win-x64"];

    public string Root { get; } = repository.PathOf("artifacts", "package", "AgentOps", version);

    public string Manifest => Path.Combine(Root, "AgentOps.psd1");

    /// <summary>Copies the built module, and writes the changes of this version into its manifest.</summary>
    public void LayOut()
    {
        if (Directory.Exists(Root))
        {
            Directory.Delete(Root, recursive: true);
        }

        foreach (var part in Parts)
        {
            Copy(repository.PathOf(part), Path.Combine(Root, part));
        }

        var notes = ReleaseNotes.Of(repository.PathOf("CHANGELOG.md"), version);
        var manifest = File.ReadAllText(Manifest);
        if (!manifest.Contains(ReleaseNotesLine, StringComparison.Ordinal) || !manifest.Contains($"'{version}'", StringComparison.Ordinal))
        {
            throw new BuildFailedException($"AgentOps.psd1 must have the version {version} of Directory.Build.props and an empty ReleaseNotes.");
        }

        File.WriteAllText(Manifest, manifest.Replace(ReleaseNotesLine, $"            ReleaseNotes = '{notes.Replace("'", "''", StringComparison.Ordinal)}'", StringComparison.Ordinal));
    }

    /// <summary>Each file's path below the root, with slashes, in ordinal order.</summary>
    public IReadOnlyList<string> Files() =>
    [
        .. Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Root, file).Replace(Path.DirectorySeparatorChar, '/'))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The platforms that this folder has a helper for.</summary>
    public IReadOnlyList<string> Platforms() =>
    [
        .. Files()
            .Where(file => file.StartsWith("module/bin/native/", StringComparison.Ordinal) && Path.GetFileNameWithoutExtension(file) == "agentops")
            .Select(file => file.Split('/')[3]),
    ];

    public string PathOf(string file) => Path.Combine(Root, file.Replace('/', Path.DirectorySeparatorChar));

    public string Sha256(string file) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(PathOf(file))));

    private static void Copy(string from, string to)
    {
        if (File.Exists(from))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(from, to);
            return;
        }

        if (!Directory.Exists(from))
        {
            throw new BuildFailedException($"'{from}' is not there, and no package is whole without it.");
        }

        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith(".pdb", StringComparison.Ordinal)))
        {
            Copy(file, Path.Combine(to, Path.GetRelativePath(from, file)));
        }
    }
}
