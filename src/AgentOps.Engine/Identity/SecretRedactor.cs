using System.Collections.Concurrent;
using AgentOps.Engine.Ledger;

namespace AgentOps.Engine.Identity;

/// <summary>Takes _secrets out of text. Every secret that is resolved is learned here, before anything can repeat it.</summary>
public sealed class SecretRedactor : ISecretRedactor
{
    // Shorter values would blot out ordinary text.
    private const int ShortestSecret = 6;
    private const string Mask = "[redacted]";
    private readonly ConcurrentDictionary<string, byte> _secrets = new(StringComparer.Ordinal);

    /// <summary>Learns a secret.</summary>
    public void Learn(string secret)
    {
        if (secret.Length >= ShortestSecret)
        {
            _secrets.TryAdd(secret, 0);
        }
    }

    /// <inheritdoc/>
    public string Redact(string text)
    {
        foreach (var secret in _secrets.Keys)
        {
            if (text.Contains(secret, StringComparison.Ordinal))
            {
                text = text.Replace(secret, Mask, StringComparison.Ordinal);
            }
        }

        return text;
    }
}
