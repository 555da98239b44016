using System.Globalization;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentOps.Build.Packaging;

/// <summary>
/// What the package is made of, as CycloneDX 1.6 (https://cyclonedx.org/docs/1.6/json/): each library with its version, licence and
/// digest, and each file with its own. The same sources give the same bytes.
/// </summary>
internal sealed class BillOfMaterials(ModuleManifest manifest, SourceRevision source, ModuleFolder folder, IReadOnlyList<RestoredPackage> packages)
{
    private const string Place = "_manifest/AgentOps.cdx.json";

    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private string Self => $"{manifest.Name}@{manifest.Version}";

    public void Write()
    {
        var bill = Bill();
        // A number that belongs to the content: version 8 of RFC 9562.
        var digest = SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(bill, Options))[..16];
        digest[6] = (byte)((digest[6] & 0x0f) | 0x80);
        digest[8] = (byte)((digest[8] & 0x3f) | 0x80);
        bill.Insert(3, "serialNumber", $"urn:uuid:{new Guid(digest, bigEndian: true)}");
        var path = folder.PathOf(Place);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, JsonSerializer.Serialize(bill, Options) + "\n");
    }

    private JsonObject Bill()
    {
        var libraries = packages.Select(package => (JsonNode)Library(package));
        var library = CLibrary.Of(folder);
        if (library is not null)
        {
            libraries = libraries.Append(library.Component());
        }

        return new JsonObject
        {
            ["$schema"] = "http://cyclonedx.org/schema/bom-1.6.schema.json",
            ["bomFormat"] = "CycloneDX",
            ["specVersion"] = "1.6",
            ["version"] = 1,
            ["metadata"] = new JsonObject
            {
                ["timestamp"] = source.Moment.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
                ["tools"] = new JsonObject { ["components"] = new JsonArray(new JsonObject { ["type"] = "application", ["name"] = "AgentOps.Build" }) },
                ["component"] = new JsonObject
                {
                    ["type"] = "application",
                    ["bom-ref"] = Self,
                    ["name"] = manifest.Name,
                    ["version"] = manifest.Version,
                    ["description"] = manifest.Description,
                    ["licenses"] = Licences("MIT", string.Empty),
                    ["properties"] = Properties(("agentops:commit", source.Commit)),
                },
            },
            ["components"] = new JsonArray([.. libraries, .. folder.Files().Select(ShippedFile)]),
            ["dependencies"] = new JsonArray(
            [
                DependsOn(Self, [.. packages.Where(package => package.IsDirect).Select(package => package.Url), .. library is null ? Array.Empty<string>() : [library.Reference]]),
                .. packages.Select(package => DependsOn(package.Url, [.. package.Dependencies.Select(name => packages.First(other => other.Id == name && other.UsedIn.Intersect(package.UsedIn).Any()).Url)])),
            ]),
        };
    }

    private static JsonObject Library(RestoredPackage package) => new()
    {
        ["type"] = package.UsedIn.Contains("module") || !package.Id.Contains("untime", StringComparison.Ordinal) ? "library" : "framework",
        ["bom-ref"] = package.Url,
        ["name"] = package.Id,
        ["version"] = package.Version,
        ["hashes"] = Hashes("SHA-512", package.Sha512),
        ["licenses"] = Licences(package.License, package.LicenseUri),
        ["purl"] = package.Url,
        ["properties"] = Properties([.. package.UsedIn.Select(part => ("agentops:used-in", part))]),
    };

    private JsonObject ShippedFile(string path) => new()
    {
        ["type"] = "file",
        ["bom-ref"] = $"file:{path}",
        ["name"] = path,
        ["hashes"] = Hashes("SHA-256", folder.Sha256(path)),
    };

    private static JsonObject DependsOn(string reference, string[] others) => new()
    {
        ["ref"] = reference,
        ["dependsOn"] = new JsonArray([.. others.Order(StringComparer.Ordinal).Select(other => (JsonNode)other)]),
    };

    private static JsonArray Hashes(string algorithm, string value) => [new JsonObject { ["alg"] = algorithm, ["content"] = value }];

    /// <summary>One licence by its SPDX name, an expression of several, or an address.</summary>
    internal static JsonArray Licences(string expression, string uri) => expression switch
    {
        "" => [new JsonObject { ["license"] = new JsonObject { ["name"] = "see its address", ["url"] = uri } }],
        _ when expression.Contains(' ', StringComparison.Ordinal) => [new JsonObject { ["expression"] = expression }],
        _ => [new JsonObject { ["license"] = new JsonObject { ["id"] = expression } }],
    };

    private static JsonArray Properties(params (string Name, string Value)[] properties) =>
        [.. properties.Select(property => new JsonObject { ["name"] = property.Name, ["value"] = property.Value })];
}
