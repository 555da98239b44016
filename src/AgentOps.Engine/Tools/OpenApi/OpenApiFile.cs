using System.Globalization;
using AgentOps.Engine.Configuration;
using AgentOps.Engine.Errors;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace AgentOps.Engine.Tools.OpenApi;

/// <summary>The text of an OpenAPI document, JSON or YAML, as nodes that know their places. References lead within it only.</summary>
internal sealed class OpenApiFile
{
    private static readonly YamlLimits Limits = YamlLimits.Default with { MaxDepth = 64 };

    private OpenApiFile(string name, YamlNode root)
    {
        Name = name;
        Root = new OpenApiNode(this, root);
    }

    /// <summary>The file as the user named it.</summary>
    public string Name { get; }

    /// <summary>The whole document.</summary>
    public OpenApiNode Root { get; }

    /// <summary>Reads a document; JSON is read as the YAML that it is.</summary>
    /// <exception cref="AgentOpsException"><c>InvalidConfiguration</c>, with the place.</exception>
    public static OpenApiFile Parse(string text, string name)
    {
        if (text.Length > Limits.MaxCharacters)
        {
            throw new AgentOpsException(ErrorCodes.InvalidConfiguration, string.Create(CultureInfo.InvariantCulture, $"{name}: the file has {text.Length} characters; at most {Limits.MaxCharacters} are taken."), name);
        }

        var stream = new YamlStream();
        try
        {
            using var reader = new StringReader(text);
            stream.Load(new YamlBoundedParser(new Parser(reader), Limits));
        }
        catch (YamlException fault)
        {
            var place = new YamlLocation(name, (int)fault.Start.Line, (int)fault.Start.Column);
            throw new AgentOpsException(ErrorCodes.InvalidConfiguration, $"{place}: {fault.Message.ReplaceLineEndings(" ")}", name, innerException: fault);
        }

        if (stream.Documents.Count != 1 || stream.Documents[0].RootNode is not YamlMappingNode root)
        {
            throw new AgentOpsException(ErrorCodes.InvalidConfiguration, $"{name}:1:1: one OpenAPI document is due.", name);
        }

        return new OpenApiFile(name, root);
    }

    /// <summary>What a reference leads to: <c>#</c> and a JSON Pointer (RFC 6901), percent-encoded.</summary>
    /// <param name="reference">The reference.</param>
    /// <param name="from">Where it stands.</param>
    /// <exception cref="AgentOpsException"><c>OperationNotSupported</c>: it leads out of the document, or nowhere.</exception>
    public OpenApiNode Resolve(string reference, OpenApiNode from)
    {
        if (!reference.StartsWith("#/", StringComparison.Ordinal))
        {
            throw from.Refuse($"the reference '{reference}' leads out of the document; bundle it into one file");
        }

        var at = Root.Value;
        foreach (var step in reference[2..].Split('/'))
        {
            var name = Uri.UnescapeDataString(step).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            var next = at switch
            {
                YamlMappingNode mapping => mapping.Children.TryGetValue(new YamlScalarNode(name), out var member) ? member : null,
                YamlSequenceNode items when int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < items.Children.Count => items[index],
                _ => null,
            };
            at = next ?? throw from.Refuse($"the reference '{reference}' leads nowhere");
        }

        return new OpenApiNode(this, at);
    }
}
