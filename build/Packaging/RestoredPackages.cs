using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace AgentOps.Build.Packaging;

/// <summary>
/// The packages that are in the module and in the helper, from what NuGet restored for both (<c>project.assets.json</c>): those of
/// which an assembly is shipped or compiled in. What only builds (analyzers, PowerShell's reference assembly) is not among them.
/// </summary>
internal sealed class RestoredPackages(string moduleAssets, string helperAssets)
{
    private const string CompileTimeOnly = "PowerShellStandard.Library";

    // .NET itself, compiled into the helper.
    private static readonly string[] RuntimeNames = ["runtime.", "Microsoft.AspNetCore.App.Runtime.", "Microsoft.NETCore.App.Runtime.NativeAOT."];

    private readonly SortedDictionary<string, RestoredPackage> _found = new(StringComparer.Ordinal);

    /// <summary>All of them, in order of their names.</summary>
    public List<RestoredPackage> Read()
    {
        Add(moduleAssets, "module");
        Add(helperAssets, "helper");
        var names = _found.Values.Select(package => package.Id).ToHashSet(StringComparer.Ordinal);
        return [.. _found.Values.Select(package => package with { Dependencies = [.. package.Dependencies.Where(names.Contains).Order(StringComparer.Ordinal)] })];
    }

    private void Add(string assetsFile, string part)
    {
        if (!File.Exists(assetsFile))
        {
            throw new BuildFailedException($"'{assetsFile}' is not there: run ./build.sh clean, and pack again.");
        }

        var assets = JsonNode.Parse(File.ReadAllText(assetsFile))!;
        var folder = assets["packageFolders"]!.AsObject().First().Key;
        // The target with a platform, where there is one, comes last.
        var libraries = assets["targets"]!.AsObject().Last().Value!.AsObject();
        var direct = DirectNames(assets, libraries);
        foreach (var (key, library) in libraries)
        {
            var (id, version) = (key.Split('/')[0], key.Split('/')[1]);
            if ((string)library!["type"]! == "package" && IsShipped(id, library))
            {
                Add(Read(folder, id, version, (string)assets["libraries"]![key]!["sha512"]!, part, direct.Contains(id), Names(library["dependencies"])));
            }
        }

        foreach (var pack in assets["project"]!["frameworks"]!.AsObject().First().Value!["downloadDependencies"]?.AsArray() ?? [])
        {
            var id = (string)pack!["name"]!;
            if (RuntimeNames.Any(name => id.StartsWith(name, StringComparison.Ordinal)))
            {
                var version = ((string)pack["version"]!).Trim('[', ']').Split(',')[0];
                Add(Read(folder, id, version, contentHash: null, part, isDirect: true, []));
            }
        }
    }

    private void Add(RestoredPackage package)
    {
        // The module and the helper may be built for two frameworks, and then have two versions of a package.
        if (!_found.TryGetValue(package.Url, out var other))
        {
            _found.Add(package.Url, package);
            return;
        }

        _found[package.Url] = other with
        {
            UsedIn = [.. other.UsedIn, .. package.UsedIn],
            IsDirect = other.IsDirect || package.IsDirect,
            Dependencies = [.. other.Dependencies.Union(package.Dependencies, StringComparer.Ordinal)],
        };
    }

    private static bool IsShipped(string id, JsonNode library) =>
        id != CompileTimeOnly
        && (library["runtime"]?.AsObject().Any(asset => !asset.Key.EndsWith("_._", StringComparison.Ordinal)) ?? false);

    private static HashSet<string> DirectNames(JsonNode assets, JsonObject libraries) =>
    [
        .. Names(assets["project"]!["frameworks"]!.AsObject().First().Value!["dependencies"]),
        .. libraries.Where(library => (string)library.Value!["type"]! == "project").SelectMany(library => Names(library.Value!["dependencies"])),
    ];

    private static IReadOnlyList<string> Names(JsonNode? dependencies) =>
        dependencies is null ? [] : [.. dependencies.AsObject().Select(dependency => dependency.Key)];

    private static RestoredPackage Read(string folder, string id, string version, string? contentHash, string part, bool isDirect, IReadOnlyList<string> dependencies)
    {
        var name = id.ToLowerInvariant();
        var path = Path.Combine(folder, name, version);
        var metadata = JsonNode.Parse(File.ReadAllText(Path.Combine(path, ".nupkg.metadata")))!;
        if (contentHash is not null && (string)metadata["contentHash"]! != contentHash)
        {
            throw new BuildFailedException($"The package {id} {version} in '{path}' is not the one that the lock file names.");
        }

        var digest = Convert.FromBase64String(File.ReadAllText(Path.Combine(path, $"{name}.{version}.nupkg.sha512")));
        var described = XDocument.Load(Path.Combine(path, $"{name}.nuspec")).Root!.Elements().First(element => element.Name.LocalName == "metadata").Elements().ToArray();
        var license = described.FirstOrDefault(element => element.Name.LocalName == "license" && (string?)element.Attribute("type") == "expression")?.Value;
        var address = described.FirstOrDefault(element => element.Name.LocalName == "licenseUrl")?.Value;
        return new RestoredPackage(id, version, Convert.ToHexStringLower(digest), license ?? string.Empty, license is null ? address ?? string.Empty : string.Empty, [part], isDirect, dependencies);
    }
}
