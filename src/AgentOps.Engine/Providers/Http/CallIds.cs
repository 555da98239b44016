using System.Security.Cryptography;
using System.Text;

namespace AgentOps.Engine.Providers.Http;

/// <summary>
/// Ids of tool calls for vendors that take letters, digits, <c>_</c> and <c>-</c> only, at most 64 of them: other models' servers write others,
/// such as <c>functions.get:0</c>, and a route may go on with such a conversation elsewhere.
/// </summary>
internal static class CallIds
{
    private const int Longest = 64;
    private const int DigestLength = 12;

    /// <summary>The id itself where it is taken; else one that is, always the same for the same id.</summary>
    public static string Plain(string id)
    {
        if (id.Length is > 0 and <= Longest && id.All(IsPlain))
        {
            return id;
        }

        var plain = string.Concat(id.Take(Longest - DigestLength - 1).Select(letter => IsPlain(letter) ? letter : '_'));
        return plain + "-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)))[..DigestLength];
    }

    private static bool IsPlain(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-';
}
