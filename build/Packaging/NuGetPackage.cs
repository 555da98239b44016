using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;

namespace AgentOps.Build.Packaging;

/// <summary>
/// The package as Publish-PSResource makes it: a nuspec and the module's files in an Open Packaging Convention's zip (ECMA-376-2), with
/// the tags by which the gallery finds commands. Names are in order, and all files bear the moment of their sources, so that the
/// same files give the same bytes.
/// </summary>
internal sealed class NuGetPackage(ModuleManifest manifest, SourceRevision source)
{
    private const string RelationshipsType = "application/vnd.openxmlformats-package.relationships+xml";
    private const string PropertiesType = "application/vnd.openxmlformats-package.core-properties+xml";
    private const string AnyType = "application/octet";

    // The gallery refuses more.
    private const int MostTagCharacters = 4_000;

    private const int PlainFile = 0x81A4 << 16; // -rw-r--r--
    private const int Program = 0x81ED << 16; // -rwxr-xr-x

    private static readonly XNamespace NuspecSpace = "http://schemas.microsoft.com/packaging/2011/08/nuspec.xsd";
    private static readonly XNamespace TypesSpace = "http://schemas.openxmlformats.org/package/2006/content-types";
    private static readonly XNamespace RelationshipsSpace = "http://schemas.openxmlformats.org/package/2006/relationships";
    private static readonly XNamespace PropertiesSpace = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties";
    private static readonly XNamespace DublinCore = "http://purl.org/dc/elements/1.1/";

    private string NuspecName => $"{manifest.Name}.nuspec";

    public void Write(ModuleFolder folder, string path)
    {
        var nuspec = Utf8(Nuspec());
        var properties = $"package/services/metadata/core-properties/{Convert.ToHexStringLower(SHA256.HashData(nuspec))[..32]}.psmdcp";
        var files = folder.Files();
        using var zip = new ZipArchive(File.Create(path), ZipArchiveMode.Create);
        Add(zip, "_rels/.rels", Utf8(Relationships(properties)), PlainFile);
        Add(zip, NuspecName, nuspec, PlainFile);
        foreach (var file in files)
        {
            var mode = file.StartsWith("module/bin/native/", StringComparison.Ordinal) ? Program : PlainFile;
            Add(zip, string.Join('/', file.Split('/').Select(Uri.EscapeDataString)), File.ReadAllBytes(folder.PathOf(file)), mode);
        }

        Add(zip, "[Content_Types].xml", Utf8(ContentTypes(files)), PlainFile);
        Add(zip, properties, Utf8(CoreProperties()), PlainFile);
    }

    private string Tags()
    {
        string[] commands = [.. manifest.Cmdlets.Select(name => "PSCmdlet_" + name), .. manifest.Cmdlets.Select(name => "PSCommand_" + name)];
        var tags = string.Join(' ', [.. manifest.Tags, "PSModule", "PSIncludes_Cmdlet", .. commands]);
        return tags.Length <= MostTagCharacters
            ? tags
            // Find-PSResource -CommandName asks for PSCommand_ alone.
            : string.Join(' ', [.. manifest.Tags, "PSModule", "PSIncludes_Cmdlet", .. commands[manifest.Cmdlets.Count..]]);
    }

    private XElement Nuspec()
    {
        XElement Element(string name, string value) => new(NuspecSpace + name, value);
        return new XElement(NuspecSpace + "package", new XElement(NuspecSpace + "metadata",
            Element("id", manifest.Name),
            Element("version", manifest.Version),
            Element("authors", manifest.Author),
            Element("owners", manifest.Company),
            Element("requireLicenseAcceptance", "false"),
            Element("licenseUrl", manifest.LicenseUri),
            manifest.ProjectUri.Length == 0 ? null : Element("projectUrl", manifest.ProjectUri),
            Element("description", manifest.Description),
            Element("releaseNotes", manifest.ReleaseNotes),
            Element("copyright", manifest.Copyright),
            Element("tags", Tags())));
    }

    private XElement Relationships(string properties)
    {
        XElement Relationship(string type, string target, string id) => new(RelationshipsSpace + "Relationship",
            new XAttribute("Type", type), new XAttribute("Target", "/" + target), new XAttribute("Id", id));
        return new XElement(RelationshipsSpace + "Relationships",
            Relationship("http://schemas.microsoft.com/packaging/2010/07/manifest", NuspecName, "R1"),
            Relationship("http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties", properties, "R2"));
    }

    private static XElement ContentTypes(IReadOnlyList<string> files)
    {
        XElement Default(string extension, string type) => new(TypesSpace + "Default", new XAttribute("Extension", extension), new XAttribute("ContentType", type));
        var extensions = files.Select(Extension).Append("nuspec").Where(extension => extension.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal);
        var withoutExtension = files.Where(file => Extension(file).Length == 0);
        return new XElement(TypesSpace + "Types",
            Default("rels", RelationshipsType),
            Default("psmdcp", PropertiesType),
            extensions.Select(extension => Default(extension, AnyType)),
            withoutExtension.Select(file => new XElement(TypesSpace + "Override", new XAttribute("PartName", "/" + file), new XAttribute("ContentType", AnyType))));
    }

    private static string Extension(string file) => Path.GetExtension(file).TrimStart('.');

    private XElement CoreProperties() => new(PropertiesSpace + "coreProperties",
        new XAttribute(XNamespace.Xmlns + "dc", DublinCore.NamespaceName),
        new XElement(DublinCore + "creator", manifest.Author),
        new XElement(DublinCore + "description", manifest.Description),
        new XElement(DublinCore + "identifier", manifest.Name),
        new XElement(PropertiesSpace + "version", manifest.Version),
        new XElement(PropertiesSpace + "keywords", Tags()),
        new XElement(PropertiesSpace + "lastModifiedBy", "AgentOps.Build"));

    private static byte[] Utf8(XElement element) =>
        Encoding.UTF8.GetBytes("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n" + element.ToString().ReplaceLineEndings("\n") + "\n");

    private void Add(ZipArchive zip, string name, byte[] content, int mode)
    {
        var entry = zip.CreateEntry(name, CompressionLevel.Optimal);
        entry.LastWriteTime = source.Moment;
        entry.ExternalAttributes = mode;
        using var stream = entry.Open();
        stream.Write(content);
    }
}
