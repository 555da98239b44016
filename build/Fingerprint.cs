using System.Security.Cryptography;
using System.Text;

namespace AgentOps.Build;

/// <summary>A digest of source files, kept beside what was built from them, so that unchanged work is not done again.</summary>
internal sealed class Fingerprint
{
    private static readonly string[] BuiltFolders = ["bin", "obj", "artifacts"];

    private readonly string _stamp;
    private readonly string _value;

    public Fingerprint(Repository repository, string name, string salt, params string[] sources)
    {
        _stamp = Path.Combine(repository.Artifacts, name + ".stamp");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(salt));
        foreach (var file in sources.SelectMany(source => Files(repository.PathOf(source))).Order(StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(Path.GetRelativePath(repository.Root, file)));
            hash.AppendData(File.ReadAllBytes(file));
        }

        _value = Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public bool IsUnchanged => File.Exists(_stamp) && File.ReadAllText(_stamp) == _value;

    public void Save()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_stamp)!);
        File.WriteAllText(_stamp, _value);
    }

    private static IEnumerable<string> Files(string path) =>
        File.Exists(path) ? [path]
        : !Directory.Exists(path) ? []
        : Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(path, file).Split(Path.DirectorySeparatorChar).Any(BuiltFolders.Contains));
}
