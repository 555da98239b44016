using System.Text;
using AgentOps.Engine.Errors;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace AgentOps.Engine.Configuration;

/// <summary>
/// Reads configuration files: one or more YAML documents, each with <c>apiVersion: agentops/v1</c>, <c>kind</c> and
/// <c>name</c>. A set of files is taken whole or refused whole, with all its errors in one exception.
/// </summary>
public sealed class YamlDocumentReader
{
    /// <summary>The only version so far.</summary>
    public const string ApiVersion = "agentops/v1";

    private readonly Dictionary<string, IYamlKindParser> _parsers;
    private readonly YamlLimits _limits;

    /// <summary>A reader of the given kinds.</summary>
    /// <param name="parsers">One parser a kind.</param>
    /// <param name="limits">Bounds on a file.</param>
    public YamlDocumentReader(IEnumerable<IYamlKindParser> parsers, YamlLimits? limits = null)
    {
        _parsers = parsers.ToDictionary(parser => parser.Kind, StringComparer.Ordinal);
        _limits = limits ?? YamlLimits.Default;
    }

    /// <summary>Reads files from disk.</summary>
    /// <param name="paths">The files, as the user named them.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="AgentOpsException"><see cref="ErrorCodes.InvalidConfiguration"/> or <see cref="ErrorCodes.ConfigurationUnreadable"/>.</exception>
    public async Task<IReadOnlyList<YamlDocument>> ReadFilesAsync(IReadOnlyList<string> paths, CancellationToken cancellationToken = default)
    {
        var errors = new YamlErrors(_limits);
        var documents = new List<YamlDocument>();
        foreach (var path in paths)
        {
            string text;
            try
            {
                text = await File.ReadAllTextAsync(path, new UTF8Encoding(false, throwOnInvalidBytes: true), cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
            {
                throw new AgentOpsException(ErrorCodes.ConfigurationUnreadable, $"{path}: {exception.Message}", path, innerException: exception);
            }

            documents.AddRange(Read(text, path, errors));
        }

        errors.ThrowIfAny();
        return documents;
    }

    /// <summary>Reads one file's text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="file">The name to put into errors.</param>
    /// <exception cref="AgentOpsException"><see cref="ErrorCodes.InvalidConfiguration"/>, listing every error.</exception>
    public IReadOnlyList<YamlDocument> Read(string text, string file)
    {
        var errors = new YamlErrors(_limits);
        var documents = Read(text, file, errors);
        errors.ThrowIfAny();
        return documents;
    }

    /// <summary>Reads one file's text and adds its errors to a collection that the caller throws.</summary>
    /// <param name="text">The text.</param>
    /// <param name="file">The name to put into errors.</param>
    /// <param name="errors">Takes the errors.</param>
    public IReadOnlyList<YamlDocument> Read(string text, string file, YamlErrors errors)
    {
        if (text.Length > _limits.MaxCharacters)
        {
            errors.Add(new YamlLocation(file, 1, 1), string.Create(System.Globalization.CultureInfo.InvariantCulture,
                $"the file has {text.Length} characters; at most {_limits.MaxCharacters} are taken: split it"));
            return [];
        }

        var stream = new YamlStream();
        try
        {
            using var reader = new StringReader(text);
            stream.Load(new YamlBoundedParser(new Parser(reader), _limits));
        }
        catch (YamlException exception)
        {
            errors.Add(new YamlLocation(file, (int)exception.Start.Line, (int)exception.Start.Column), OneLine(exception.Message));
            return [];
        }

        var documents = new List<YamlDocument>();
        foreach (var document in stream.Documents)
        {
            if (ReadDocument(document.RootNode, file, errors) is { } read)
            {
                documents.Add(read);
            }
        }

        return documents;
    }

    private YamlDocument? ReadDocument(YamlNode root, string file, YamlErrors errors)
    {
        var scope = new YamlScope(file, errors);
        if (root is YamlScalarNode { Value: null or "" })
        {
            return null;
        }

        if (root is not YamlMappingNode mapping)
        {
            errors.Add(scope.Locate(root), "a document must be a mapping with apiVersion, kind and name");
            return null;
        }

        var map = scope.Open("", mapping);
        if (map.Require("apiVersion") is { } version && version.AsString() is { } text && text != ApiVersion)
        {
            version.Error($"apiVersion is '{text}'; this version of AgentOps reads '{ApiVersion}'");
        }

        var name = map.RequireString("name");
        if (map.Require("kind") is not { } kindValue || kindValue.AsString() is not { } kind)
        {
            return null;
        }

        if (!_parsers.TryGetValue(kind, out var parser))
        {
            kindValue.Error($"unknown kind '{kind}'{YamlSuggestion.Hint(kind, _parsers.Keys)}");
            return null;
        }

        var value = parser.Parse(name, map);
        scope.ReportUnknownKeys();
        return new YamlDocument(kind, name, value, map.Location);
    }

    private static string OneLine(string message) => message.ReplaceLineEndings(" ");
}
