using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace AgentOps.Engine.Permissions;

/// <summary>
/// The resources that a rule speaks of: an exact name, optionally pinned to the digest of its schema, or, in forbid and
/// require, a name with wildcards. <c>*</c> is any run and <c>?</c> any one character; in data neither crosses a slash,
/// and <c>**</c> does. Data lies in a tree: an exact name of data stands for all that lies below it, too.
/// </summary>
public sealed record ResourcePattern
{
    private const string PinMark = "@sha256:";
    private static readonly SearchValues<char> PinDigits = SearchValues.Create("0123456789abcdef");

    private const int ShortestPin = 16;
    private const int LongestPin = 64;

    private ResourcePattern(ResourceKind kind, string name, string? schemaDigest)
    {
        Kind = kind;
        Name = name;
        SchemaDigest = schemaDigest;
    }

    /// <summary>The kind.</summary>
    public ResourceKind Kind { get; }

    /// <summary>The name or the wildcard pattern, without kind and pin.</summary>
    public string Name { get; }

    /// <summary><c>sha256:</c> and at least 16 hexadecimal digits that the schema's digest must begin with; null when not pinned.</summary>
    public string? SchemaDigest { get; }

    /// <summary>Whether it is exact.</summary>
    public bool IsExact => !Name.AsSpan().ContainsAny('*', '?');

    /// <summary>Reads a pattern.</summary>
    /// <param name="text">For example <c>tool:Send-Payment@sha256:…</c> or <c>data:hr/**</c>.</param>
    /// <param name="pattern">The pattern.</param>
    /// <param name="problem">Why there is none.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out ResourcePattern? pattern, [NotNullWhen(false)] out string? problem)
    {
        pattern = null;
        string? pin = null;
        var at = text.IndexOf(PinMark, StringComparison.Ordinal);
        if (at >= 0)
        {
            var digits = text.AsSpan(at + PinMark.Length);
            if (digits.Length is < ShortestPin or > LongestPin || digits.ContainsAnyExcept(PinDigits))
            {
                problem = $"the pin of '{text}' must have 16 to 64 lower-case hexadecimal digits; fewer can be forged";
                return false;
            }

            pin = text[(at + 1)..];
            text = text[..at];
        }

        if (!ResourceName.TrySplit(text, out var kind, out var name, out problem) || !ResourceName.IsName(kind, name, wildcards: true, out problem))
        {
            return false;
        }

        if (pin is not null && (name.AsSpan().ContainsAny('*', '?') || kind is not (ResourceKind.Tool or ResourceKind.Agent)))
        {
            problem = $"only an exact tool or agent can be pinned, not '{text}'";
            return false;
        }

        pattern = new ResourcePattern(kind, name, pin);
        return true;
    }

    /// <summary>Reads a pattern that is known to be good.</summary>
    /// <param name="text">The pattern.</param>
    /// <exception cref="ArgumentException">It is not.</exception>
    public static ResourcePattern Parse(string text) =>
        TryParse(text, out var pattern, out var problem) ? pattern : throw new ArgumentException(problem, nameof(text));

    /// <summary>Whether a name is matched; pins are not looked at.</summary>
    /// <param name="kind">The kind of the resource.</param>
    /// <param name="name">Its name, without kind.</param>
    /// <param name="exactCase">For data: whether casing counts. Other names never regard it.</param>
    public bool Matches(ResourceKind kind, string name, bool exactCase)
    {
        if (kind != Kind)
        {
            return false;
        }

        var comparison = kind == ResourceKind.Data && exactCase ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;
        return IsExact
            ? string.Equals(Name, name, comparison) || (kind == ResourceKind.Data && IsBelow(name, comparison))
            : Wildcard.IsMatch(Name, name, kind == ResourceKind.Data ? '/' : '\0', comparison);
    }

    private bool IsBelow(string name, StringComparison comparison) =>
        name.Length > Name.Length && name[Name.Length] == '/' && name.StartsWith(Name, comparison);

    /// <summary>The text that reads back to the same pattern.</summary>
    public override string ToString() => $"{ResourceName.Word(Kind)}:{Name}{(SchemaDigest is null ? "" : "@" + SchemaDigest)}";
}
