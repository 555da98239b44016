using AgentOps.Engine.Permissions;

namespace AgentOps.Engine.Verification;

/// <summary>
/// What tools answered in one session, newest first. Only the loop adds to it, and only the output of calls that succeeded, so no
/// text of a model and no page can put anything here.
/// </summary>
internal sealed class SessionEvidence
{
    private readonly Dictionary<string, List<SeenOutput>> _outputs = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Takes in the output of a call that succeeded; gives it back, for its ledger sequence to be set.</summary>
    public SeenOutput Add(string tool, BoundArguments arguments, string content, bool isTruncated, DateTimeOffset time)
    {
        var seen = new SeenOutput(tool, arguments, content, isTruncated, time);
        if (!_outputs.TryGetValue(tool, out var outputs))
        {
            _outputs[tool] = outputs = [];
        }

        outputs.Add(seen);
        return seen;
    }

    /// <summary>The outputs of a tool, newest first.</summary>
    public IEnumerable<SeenOutput> Of(string tool) => _outputs.TryGetValue(tool, out var outputs) ? Enumerable.Reverse(outputs) : [];
}
