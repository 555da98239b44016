namespace AgentOps.Engine.Configuration;

/// <summary>Bounds on a configuration file, so that a hostile one costs little.</summary>
/// <param name="MaxCharacters">Length of the text, in UTF-16 code units.</param>
/// <param name="MaxNodes">Scalars, sequences and mappings together.</param>
/// <param name="MaxDepth">Nesting of sequences and mappings.</param>
/// <param name="MaxErrors">After so many errors the rest is counted only.</param>
public sealed record YamlLimits(int MaxCharacters, int MaxNodes, int MaxDepth, int MaxErrors)
{
    /// <summary>16 Mi characters, 1,000,000 nodes, 32 levels, 50 errors.</summary>
    public static YamlLimits Default { get; } = new(16 * 1024 * 1024, 1_000_000, 32, 50);
}
