using System.Collections.Concurrent;
using System.Text;
using System.Text.Encodings.Web;
using AgentOps.Engine.Ledger;

namespace AgentOps.Engine.Identity;

/// <summary>
/// Takes secrets out of text, as they are and as they look in JSON, in an address and, wherever it stands there, in Base64. Every secret that is resolved is
/// learned here, before anything can repeat it.
/// </summary>
public sealed class SecretRedactor : ISecretRedactor
{
    // Shorter values would blot out ordinary text.
    private const int ShortestSecret = 6;
    private const string Mask = "[redacted]";
    private readonly ConcurrentDictionary<string, byte> _spellings = new(StringComparer.Ordinal);

    /// <summary>Learns a secret.</summary>
    public void Learn(string secret)
    {
        if (secret.Length < ShortestSecret)
        {
            return;
        }

        foreach (var spelling in Spellings(secret))
        {
            _spellings.TryAdd(spelling, 0);
        }
    }

    /// <summary>Forgets a secret that is no longer one: a token that has expired.</summary>
    public void Forget(string secret)
    {
        foreach (var spelling in Spellings(secret))
        {
            _spellings.TryRemove(spelling, out _);
        }
    }

    /// <inheritdoc/>
    public string Redact(string text)
    {
        foreach (var secret in _spellings.Keys)
        {
            if (text.Contains(secret, StringComparison.Ordinal))
            {
                text = text.Replace(secret, Mask, StringComparison.Ordinal);
            }
        }

        return text;
    }

    /// <summary>The same for a text whose end was cut off: what may be the beginning of a secret there goes, too.</summary>
    public string RedactCut(string text)
    {
        var redacted = Redact(text);
        return redacted[..^Unfinished(redacted)];
    }

    /// <summary>How many characters at the end of a text may be the beginning of a secret, whose rest is still to come.</summary>
    internal int Unfinished(string text)
    {
        var longest = 0;
        foreach (var secret in _spellings.Keys)
        {
            for (var length = Math.Min(text.Length, secret.Length - 1); length > longest; length--)
            {
                if (text.AsSpan(text.Length - length).SequenceEqual(secret.AsSpan(0, length)))
                {
                    longest = length;
                }
            }
        }

        return longest;
    }

    private static string[] Spellings(string secret)
    {
        // Once escaped in JSON, and once more where that JSON is a text in JSON, as a tool's arguments are.
        string[] once = InJson(secret);
        return [secret, .. once, .. once.SelectMany(InJson), Uri.EscapeDataString(secret), .. InBase64(secret)];
    }

    /// <summary>
    /// What of a secret shows in Base64, wherever it stands in what is encoded: a text of which three letters stand for four begins at
    /// one of three places, and the letters at its ends are half its neighbours'.
    /// </summary>
    private static IEnumerable<string> InBase64(string secret)
    {
        var bytes = Encoding.UTF8.GetBytes(secret);
        for (var before = 0; before < 3; before++)
        {
            var letters = Convert.ToBase64String([.. new byte[before], .. bytes])[(((before * 8) + 5) / 6)..((before + bytes.Length) * 8 / 6)];
            if (letters.Length >= ShortestSecret)
            {
                yield return letters;
                yield return letters.Replace('+', '-').Replace('/', '_');
            }
        }
    }

    private static string[] InJson(string text) => [JavaScriptEncoder.Default.Encode(text), JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text)];
}
