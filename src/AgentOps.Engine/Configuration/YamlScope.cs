using YamlDotNet.RepresentationModel;

namespace AgentOps.Engine.Configuration;

/// <summary>What all values of one document share: the file, its errors, and the mappings opened so far.</summary>
internal sealed class YamlScope(string file, YamlErrors errors)
{
    private readonly List<YamlMap> _opened = [];

    public YamlErrors Errors { get; } = errors;

    public YamlLocation Locate(YamlNode node) => new(file, (int)node.Start.Line, (int)node.Start.Column);

    public YamlMap Open(string name, YamlMappingNode node)
    {
        var map = new YamlMap(name, node, this);
        _opened.Add(map);
        return map;
    }

    /// <summary>Reports each key of an opened mapping that nobody asked for.</summary>
    public void ReportUnknownKeys()
    {
        foreach (var map in _opened)
        {
            map.ReportUnknownKeys();
        }
    }
}
