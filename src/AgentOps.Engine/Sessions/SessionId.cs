using System.Security.Cryptography;

namespace AgentOps.Engine.Sessions;

/// <summary>Makes session ids: short enough to type, sortable by time, unguessable enough not to collide.</summary>
internal static class SessionId
{
    // Crockford's base 32: no letter that can be taken for a digit.
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    private const int TimeDigits = 9;
    private const int RandomDigits = 6;

    public static string Create(DateTimeOffset time)
    {
        Span<char> text = stackalloc char[TimeDigits + 1 + RandomDigits];
        var rest = (ulong)time.ToUnixTimeMilliseconds();
        for (var i = TimeDigits - 1; i >= 0; i--)
        {
            text[i] = Alphabet[(int)(rest & 31)];
            rest >>= 5;
        }

        text[TimeDigits] = '-';
        for (var i = TimeDigits + 1; i < text.Length; i++)
        {
            text[i] = Alphabet[RandomNumberGenerator.GetInt32(Alphabet.Length)];
        }

        return new string(text);
    }
}
