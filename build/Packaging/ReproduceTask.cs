using System.IO.Compression;
using System.Security.Cryptography;

namespace AgentOps.Build.Packaging;

/// <summary>Packs the newest commit twice, in two clones in folders of other names, and compares the bytes.</summary>
internal sealed class ReproduceTask(Repository repository)
{
    private static readonly string[] Places = ["one", "the-other-place"];
    private static readonly string[] PackCommand = ["run", "--project", "build/AgentOps.Build.csproj", "-c", "Release", "-v", "quiet", "--", "pack"];

    private readonly Shell _shell = new(repository);

    public int Run(bool allowNet9)
    {
        var root = Directory.CreateTempSubdirectory("agentops-reproduce-").FullName;
        try
        {
            var packages = Places.Select(name => Pack(Path.Combine(root, name), allowNet9)).ToArray();
            Say.Step("comparison");
            var differing = Differing(packages[0], packages[1]);
            foreach (var entry in differing)
            {
                Say.Note($"differs: {entry}");
            }

            var digests = packages.Select(package => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(package)))).ToArray();
            if (digests[0] != digests[1])
            {
                return Say.Failure($"Two packages of one commit differ in {differing.Count} files.");
            }

            Console.Out.WriteLine($"reproduced: {Path.GetFileName(packages[0])} sha256 {digests[0]}");
            return 0;
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private string Pack(string folder, bool allowNet9)
    {
        Say.Step(folder);
        if (_shell.Run("git", ["clone", "--quiet", "--no-hardlinks", repository.Root, folder]) != 0)
        {
            throw new BuildFailedException("The repository can't be cloned: only what is committed can be reproduced.");
        }

        var clone = new Repository(folder);
        if (new Shell(clone).Run("dotnet", allowNet9 ? [.. PackCommand, "--allow-net9"] : PackCommand) != 0)
        {
            throw new BuildFailedException($"The package could not be made in '{folder}'; the errors stand above.");
        }

        return Directory.GetFiles(clone.PathOf("artifacts", "package"), "*.nupkg").Single();
    }

    private static List<string> Differing(string left, string right)
    {
        var (first, second) = (Entries(left), Entries(right));
        return [.. first.Keys.Union(second.Keys, StringComparer.Ordinal)
            .Where(name => first.GetValueOrDefault(name) != second.GetValueOrDefault(name))
            .Order(StringComparer.Ordinal)];
    }

    private static Dictionary<string, string> Entries(string package)
    {
        using var zip = ZipFile.OpenRead(package);
        return zip.Entries.ToDictionary(
            entry => entry.FullName,
            entry =>
            {
                using var content = entry.Open();
                return $"{Convert.ToHexStringLower(SHA256.HashData(content))} {entry.LastWriteTime:O} {entry.ExternalAttributes}";
            },
            StringComparer.Ordinal);
    }
}
