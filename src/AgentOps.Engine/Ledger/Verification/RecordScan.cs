using System.Text.Json;
using AgentOps.Engine.Approvals;

namespace AgentOps.Engine.Ledger;

/// <summary>What a verification needs of a record, read without building it.</summary>
/// <param name="Sequence">The sequence.</param>
/// <param name="TimeStart">Where the time begins in the line.</param>
/// <param name="IsOwn">Tells whether verification looks into it: an event of the store's own, or of what persons answer.</param>
internal readonly record struct RecordScan(long Sequence, int TimeStart, bool IsOwn)
{
    /// <summary>The length of a time, <c>2026-01-31T12:00:00.0000000Z</c>; times of this form sort as their bytes do.</summary>
    public const int TimeLength = 28;

    /// <summary>Reads a line.</summary>
    /// <exception cref="FormatException">It is no record.</exception>
    public static RecordScan Read(ReadOnlySpan<byte> line)
    {
        try
        {
            return ReadMembers(line);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new FormatException("The line is no record: " + exception.Message, exception);
        }
    }

    private static RecordScan ReadMembers(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line);
        var (sequence, timeStart, found, isOwn) = (-1L, -1, 0, false);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new FormatException("The line is no record.");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("actor"u8) || reader.ValueTextEquals("data"u8))
            {
                reader.Skip();
                found++;
            }
            else if (reader.ValueTextEquals("seq"u8))
            {
                reader.Read();
                sequence = reader.GetInt64();
                found++;
            }
            else if (reader.ValueTextEquals("time"u8))
            {
                reader.Read();
                timeStart = reader.ValueSpan.Length == TimeLength ? (int)reader.TokenStartIndex + 1 : throw new FormatException("The record's time is not of the form 2026-01-31T12:00:00.0000000Z.");
                found++;
            }
            else if (reader.ValueTextEquals("type"u8))
            {
                reader.Read();
                isOwn = reader.ValueSpan.StartsWith("ledger."u8) || VoteAudit.Follows(reader.ValueSpan);
                found++;
            }
            else if (reader.ValueTextEquals("version"u8))
            {
                reader.Read();
                _ = reader.GetInt32();
                found++;
            }
            else if (reader.ValueTextEquals("session"u8) || reader.ValueTextEquals("task"u8))
            {
                reader.Read();
            }
            else
            {
                throw new FormatException($"The record has a member '{reader.GetString()}', which this format does not have.");
            }
        }

        return found == 6 && !reader.Read() && sequence >= 0 && timeStart >= 0
            ? new RecordScan(sequence, timeStart, isOwn)
            : throw new FormatException("The record lacks one of its members actor, data, seq, time, type, version.");
    }
}
