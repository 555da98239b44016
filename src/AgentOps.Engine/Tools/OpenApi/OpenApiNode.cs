using System.Text.Json.Nodes;
using AgentOps.Engine.Configuration;
using AgentOps.Engine.Errors;
using YamlDotNet.RepresentationModel;

namespace AgentOps.Engine.Tools.OpenApi;

/// <summary>One value of an OpenAPI document, with its place.</summary>
/// <param name="File">The document.</param>
/// <param name="Value">The value.</param>
internal readonly record struct OpenApiNode(OpenApiFile File, YamlNode Value)
{
    private const int LongestChain = 32;

    /// <summary>Where it stands.</summary>
    public YamlLocation Location => new(File.Name, (int)Value.Start.Line, (int)Value.Start.Column);

    /// <summary>Whether it is an object.</summary>
    public bool IsObject => Value is YamlMappingNode;

    /// <summary>Whether it is a list.</summary>
    public bool IsList => Value is YamlSequenceNode;

    /// <summary>The members of an object; none of anything else.</summary>
    public IEnumerable<(string Name, OpenApiNode Value)> Members
    {
        get
        {
            var file = File;
            return Value is YamlMappingNode mapping
                ? mapping.Children.Select(member => ((member.Key as YamlScalarNode)?.Value ?? string.Empty, new OpenApiNode(file, member.Value)))
                : [];
        }
    }

    /// <summary>The items of a list; none of anything else.</summary>
    public IEnumerable<OpenApiNode> Items
    {
        get
        {
            var file = File;
            return Value is YamlSequenceNode items ? items.Children.Select(item => new OpenApiNode(file, item)) : [];
        }
    }

    /// <summary>The text of a single value; null of anything else.</summary>
    public string? AsText => Value is YamlScalarNode { Value: { Length: > 0 } text } ? text : null;

    /// <summary>The value as JSON, references and all.</summary>
    public JsonNode? ToJson() => YamlJson.Convert(Value);

    /// <summary>A member as it stands; null when it is absent.</summary>
    public OpenApiNode? Raw(string name) =>
        Value is YamlMappingNode mapping && mapping.Children.TryGetValue(new YamlScalarNode(name), out var value) ? new OpenApiNode(File, value) : null;

    /// <summary>A member, or what it refers to; null when it is absent.</summary>
    public OpenApiNode? Get(string name) => Raw(name)?.Follow();

    /// <summary>The text of a member; null when it is absent or none.</summary>
    public string? Text(string name) => Raw(name)?.AsText;

    /// <summary>Whether a member is true.</summary>
    public bool Flag(string name) => Text(name) == "true";

    /// <summary>What this refers to; itself when it is no reference.</summary>
    public OpenApiNode Follow()
    {
        var at = this;
        for (var steps = 0; at.Text("$ref") is { } reference; steps++)
        {
            at = steps < LongestChain ? File.Resolve(reference, at) : throw Refuse($"the reference '{reference}' leads to itself");
        }

        return at;
    }

    /// <summary>The error that this can't be taken.</summary>
    /// <param name="why">Why not.</param>
    public AgentOpsException Refuse(string why) => new(ErrorCodes.OperationNotSupported, $"{Location}: {why}.", File.Name);
}
