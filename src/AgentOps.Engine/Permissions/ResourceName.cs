using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace AgentOps.Engine.Permissions;

/// <summary>The spelling of resource names. A name that has more than one spelling is refused, so that no rule is passed by another one.</summary>
internal static class ResourceName
{
    private const int LongestName = 1024;

    private static readonly (string Word, ResourceKind Kind)[] Kinds =
    [
        ("tool", ResourceKind.Tool), ("route", ResourceKind.Route), ("data", ResourceKind.Data), ("net", ResourceKind.Net), ("agent", ResourceKind.Agent),
    ];

    public static string Word(ResourceKind kind) => Kinds[(int)kind].Word;

    /// <summary>Splits a request's resource and checks its name.</summary>
    public static bool TryParse(string text, out ResourceKind kind, [NotNullWhen(true)] out string? name, [NotNullWhen(false)] out string? problem) =>
        TrySplit(text, out kind, out name, out problem) && IsName(kind, name, wildcards: false, out problem);

    public static bool TrySplit(string text, out ResourceKind kind, [NotNullWhen(true)] out string? name, [NotNullWhen(false)] out string? problem)
    {
        foreach (var (word, candidate) in Kinds)
        {
            if (text.Length > word.Length && text[word.Length] == ':' && text.StartsWith(word, StringComparison.Ordinal))
            {
                kind = candidate;
                name = text[(word.Length + 1)..];
                problem = null;
                return true;
            }
        }

        kind = default;
        name = null;
        problem = $"'{Cut(text)}' must begin with tool:, route:, data:, net: or agent:";
        return false;
    }

    /// <summary>Whether a resource is of a kind.</summary>
    public static bool IsOf(string resource, ResourceKind kind) =>
        Word(kind) is var word && resource.Length > word.Length && resource[word.Length] == ':' && resource.StartsWith(word, StringComparison.Ordinal);

    public static bool IsName(ResourceKind kind, string name, bool wildcards, [NotNullWhen(false)] out string? problem)
    {
        problem = Problem(kind, name, wildcards) is { } what ? $"'{Word(kind)}:{Cut(name)}' {what}" : null;
        return problem is null;
    }

    private static string? Problem(ResourceKind kind, string name, bool wildcards)
    {
        if (name.Length is 0 or > LongestName)
        {
            return "must have 1 to 1024 characters";
        }

        foreach (var c in name)
        {
            if (char.IsControl(c) || char.IsSurrogate(c) || c is '\\' or '@' || (kind != ResourceKind.Data && char.IsWhiteSpace(c)))
            {
                return "holds a character that names do not have";
            }

            if (!wildcards && c is '*' or '?')
            {
                return "must be exact, without wildcards";
            }
        }

        if (!LiteralCheck.IsPlain(name))
        {
            return "holds characters that can't be seen or have more than one spelling";
        }

        return kind switch
        {
            ResourceKind.Net => NetProblem(name, wildcards),
            ResourceKind.Data => DataProblem(name),
            _ => name.Contains('/', StringComparison.Ordinal) ? "must not hold a slash" : null,
        };
    }

    private static string? NetProblem(string name, bool wildcards)
    {
        if (name.Contains(':', StringComparison.Ordinal))
        {
            return IPAddress.TryParse(name, out var address) && address.ScopeId == 0 && !address.IsIPv4MappedToIPv6 && address.ToString() == name
                ? null
                : "must be an IPv6 address in its shortest spelling (RFC 5952), without brackets and zone; one that stands for an IPv4 address is written as that";
        }

        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '.' or '_') && !(wildcards && c is '*' or '?'))
            {
                return "must be a host's name or IPv4 address in ASCII (xn-- for others), without scheme, port or path";
            }
        }

        return name[0] == '.' || name[^1] == '.' || name.Contains("..", StringComparison.Ordinal) ? "must not have empty labels or a dot at an end" : null;
    }

    private static string? DataProblem(string name)
    {
        foreach (var segment in name.Split('/'))
        {
            if (segment is "" or "." or "..")
            {
                return "must be a path without empty, '.' or '..' segments and without a leading slash";
            }
        }

        return null;
    }

    private static string Cut(string text) => text.Length <= 64 ? text : text[..64] + "…";
}
