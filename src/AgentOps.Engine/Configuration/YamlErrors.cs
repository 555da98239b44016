using AgentOps.Engine.Errors;

namespace AgentOps.Engine.Configuration;

/// <summary>Collects everything that is wrong in a set of configuration files, to be said at once.</summary>
public sealed class YamlErrors
{
    private readonly List<(YamlLocation Location, string Message)> _errors = [];
    private readonly int _limit;

    /// <summary>An empty collection.</summary>
    /// <param name="limits">How many errors are written out; the rest is counted.</param>
    public YamlErrors(YamlLimits? limits = null) => _limit = (limits ?? YamlLimits.Default).MaxErrors;

    /// <summary>How many there are.</summary>
    public int Count => _errors.Count;

    /// <summary>Takes in one error.</summary>
    /// <param name="location">Where.</param>
    /// <param name="message">What was wrong, without the place; never a secret.</param>
    public void Add(YamlLocation location, string message) => _errors.Add((location, message));

    /// <summary>Throws one exception that lists all errors in the order of their places; does nothing if there are none.</summary>
    /// <exception cref="AgentOpsException"><see cref="ErrorCodes.InvalidConfiguration"/>.</exception>
    public void ThrowIfAny()
    {
        if (_errors.Count > 0)
        {
            throw ToException();
        }
    }

    /// <summary>The one exception that lists all errors.</summary>
    public AgentOpsException ToException()
    {
        var ordered = _errors.Distinct().OrderBy(error => error.Location).ToList();
        var lines = ordered.Take(_limit).Select(error => $"{error.Location}: {error.Message}").ToList();
        if (ordered.Count > _limit)
        {
            lines.Add(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"… and {ordered.Count - _limit} more."));
        }

        var target = ordered.Count > 0 ? ordered[0].Location.File : null;
        return new AgentOpsException(ErrorCodes.InvalidConfiguration, string.Join('\n', lines), target);
    }
}
