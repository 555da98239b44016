using System.Text.RegularExpressions;

namespace AgentOps.Engine.Permissions;

/// <summary>Compiles each pattern of a set once.</summary>
internal sealed class PatternCache
{
    private readonly Dictionary<string, Regex> _patterns = new(StringComparer.Ordinal);

    /// <exception cref="ArgumentException">The pattern does not compile.</exception>
    public Regex Compile(string pattern)
    {
        if (!_patterns.TryGetValue(pattern, out var regex))
        {
            regex = PatternText.TryCompile(pattern, out var compiled, out var problem)
                ? compiled
                : throw new ArgumentException($"the pattern does not compile: {problem}", nameof(pattern));
            _patterns.Add(pattern, regex);
        }

        return regex;
    }
}
