using System.Text.Json.Nodes;

namespace AgentOps.Engine.Ledger;

/// <summary>The events that the store itself writes.</summary>
internal static class LedgerEvents
{
    /// <summary>The prefix of their types.</summary>
    public const string Prefix = "ledger.";

    /// <summary>The first record of every ledger: its origin and its first verifier key.</summary>
    public const string Created = "ledger.created";

    /// <summary>What a process that died had written beyond the last commit line was cut.</summary>
    public const string Recovered = "ledger.recovered";

    /// <summary>The commit lines after this batch are signed by another key.</summary>
    public const string KeyRotated = "ledger.key-rotated";

    /// <summary>Payloads older than a time were erased.</summary>
    public const string PayloadsErased = "ledger.payloads-erased";

    /// <summary>Tells whether this version understands the store's own event.</summary>
    public static bool Knows(string type, int version) =>
        version == 1 && type is Created or Recovered or KeyRotated or PayloadsErased;

    /// <summary>Makes the first record.</summary>
    public static NewEvent MakeCreated(VerifierKey key) =>
        new(Created, 1, new JsonObject { ["origin"] = key.Name, ["verifierKey"] = key.ToString() });

    /// <summary>Reads the key that a record names.</summary>
    /// <exception cref="FormatException">It names none.</exception>
    public static VerifierKey ReadKey(LedgerRecord record)
    {
        try
        {
            return VerifierKey.Parse(record.Data.GetProperty("verifierKey").GetString() ?? "");
        }
        catch (Exception exception) when (exception is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new FormatException($"The record '{record.Type}' names no verifier key.", exception);
        }
    }

    /// <summary>Makes the record of a recovery.</summary>
    /// <param name="bytes">How many bytes were cut.</param>
    /// <param name="digest">SHA-256 of them, lowercase hexadecimal.</param>
    public static NewEvent MakeRecovered(long bytes, string digest) =>
        new(Recovered, 1, new JsonObject { ["cutBytes"] = bytes, ["cutSha256"] = digest });

    /// <summary>Makes the record of a rotation.</summary>
    public static NewEvent MakeKeyRotated(VerifierKey key) =>
        new(KeyRotated, 1, new JsonObject { ["verifierKey"] = key.ToString() });

    /// <summary>Makes the record of an erasure.</summary>
    public static NewEvent MakePayloadsErased(DateTimeOffset olderThan, long count) =>
        new(PayloadsErased, 1, new JsonObject { ["olderThan"] = olderThan.UtcDateTime.ToString("O", System.Globalization.CultureInfo.InvariantCulture), ["count"] = count });
}
