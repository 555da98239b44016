using System.Text.Json;
using AgentOps.Engine.Permissions;

namespace AgentOps.Engine.Verification;

/// <summary>What a tool answered in the session.</summary>
/// <param name="tool">The tool's name.</param>
/// <param name="arguments">The frozen arguments of its call.</param>
/// <param name="content">Its whole output, as the model saw it.</param>
/// <param name="isTruncated">Whether output was cut.</param>
/// <param name="time">When it answered, UTC.</param>
internal sealed class SeenOutput(string tool, BoundArguments arguments, string content, bool isTruncated, DateTimeOffset time)
{
    private JsonElement? _json;
    private bool _isParsed;

    public string Tool => tool;

    public BoundArguments Arguments => arguments;

    public DateTimeOffset Time => time;

    /// <summary>The ledger sequence of its outcome; null until it stands in the ledger.</summary>
    public long? Sequence { get; private set; }

    /// <summary>The output as JSON; null when it is none, or was cut.</summary>
    public JsonElement? Json
    {
        get
        {
            if (!_isParsed)
            {
                _isParsed = true;
                _json = isTruncated ? null : Parse(content);
            }

            return _json;
        }
    }

    /// <summary>Tells where its outcome stands in the ledger.</summary>
    public void Place(long sequence) => Sequence = sequence;

    private static JsonElement? Parse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
