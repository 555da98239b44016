using System.Buffers;

namespace AgentOps.Engine.Providers;

/// <summary>Tells a reference to a secret from a secret, so that none is ever stored.</summary>
internal static class SecretReference
{
    private const int LongestScheme = 10;
    private const string Environment = "env:";

    private static readonly SearchValues<char> VariableLetters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");

    private static readonly string[] SecretHeaders = ["authorization", "proxy-authorization", "api-key", "x-api-key", "x-goog-api-key", "cookie"];

    /// <summary>A scheme of lower-case letters, a colon, a name: no vendor's key looks like that.</summary>
    public static bool IsReference(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon is > 1 and <= LongestScheme && colon < text.Length - 1
            && text.AsSpan(0, colon).IndexOfAnyExceptInRange('a', 'z') < 0;
    }

    /// <summary>Whether a reference to the environment has the name of a variable: letters, digits and underscores. Other schemes have names of any form.</summary>
    public static bool NamesVariable(string reference) =>
        !reference.StartsWith(Environment, StringComparison.OrdinalIgnoreCase)
        || (reference.Length > Environment.Length && !char.IsAsciiDigit(reference[Environment.Length])
            && reference.AsSpan(Environment.Length).IndexOfAnyExcept(VariableLetters) < 0);

    /// <summary>The header carries a credential by its nature.</summary>
    public static bool IsSecretHeader(string name) => SecretHeaders.Contains(name, StringComparer.OrdinalIgnoreCase);
}
