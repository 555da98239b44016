using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace AgentOps.Engine.Configuration;

/// <summary>
/// Passes parsing events on and refuses what configuration does not need: aliases and anchors (so no document can
/// unfold into more than it is), tags, excessive depth or size.
/// </summary>
internal sealed class YamlBoundedParser(IParser inner, YamlLimits limits) : IParser
{
    private int _depth;
    private int _nodes;

    /// <inheritdoc/>
    public ParsingEvent? Current => inner.Current;

    /// <inheritdoc/>
    public bool MoveNext()
    {
        if (!inner.MoveNext())
        {
            return false;
        }

        switch (inner.Current)
        {
            case AnchorAlias alias:
                throw Refuse(alias, $"the alias '*{alias.Value}': write the value out where it is meant");
            case NodeEvent node:
                Check(node);
                break;
            case SequenceEnd or MappingEnd:
                _depth--;
                break;
        }

        return true;
    }

    private void Check(NodeEvent node)
    {
        if (!node.Anchor.IsEmpty)
        {
            throw Refuse(node, $"the anchor '&{node.Anchor.Value}': write the value out where it is meant");
        }

        if (!node.Tag.IsEmpty && !node.Tag.IsNonSpecific)
        {
            throw Refuse(node, $"the tag '{node.Tag.Value}': plain values only");
        }

        if (++_nodes > limits.MaxNodes)
        {
            throw Refuse(node, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"more than {limits.MaxNodes} values in one file: split it"));
        }

        if (node is SequenceStart or MappingStart && ++_depth > limits.MaxDepth)
        {
            throw Refuse(node, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"nesting deeper than {limits.MaxDepth} levels"));
        }
    }

    private static YamlException Refuse(ParsingEvent at, string what) => new(at.Start, at.End, $"not taken: {what}");
}
