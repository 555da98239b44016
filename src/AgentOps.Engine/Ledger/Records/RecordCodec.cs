using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using AgentOps.Engine.Errors;

namespace AgentOps.Engine.Ledger;

/// <summary>
/// The bytes of a record: one RFC 8785 object with the members actor, data, seq, session, task, time, type and
/// version; session and task are left out where there is none. The line feed after it belongs to the file, not
/// to the record.
/// </summary>
internal static class RecordCodec
{
    /// <summary>The largest record, in bytes, as a tlog-tiles entry bundle can hold it.</summary>
    public const int LargestRecord = 65_535;

    // Of a DateTime in UTC: 2026-01-31T12:00:00.0000000Z.
    private const string TimeFormat = "O";
    private const int TimeLength = 28;

    private static readonly Actor Nobody = new(null, string.Empty, string.Empty, string.Empty);

    /// <summary>Writes a record, without a line feed.</summary>
    /// <returns>The record, as reading its bytes would give it.</returns>
    /// <exception cref="AgentOpsException">The data can't be recorded, or the record is too large.</exception>
    public static LedgerRecord Write(NewEvent newEvent, long sequence, DateTimeOffset time, Actor actor, ISecretRedactor? redactor, ByteBuffer output)
    {
        var who = newEvent.Agent is null && newEvent.OnBehalfOf is null
            ? actor
            : actor with { Agent = newEvent.Agent ?? actor.Agent, OnBehalfOf = newEvent.OnBehalfOf ?? actor.OnBehalfOf };
        var start = output.Length;
        WriteHead(who, output);
        var dataStart = output.Length;
        CanonicalJson.Write(newEvent.Data, redactor, output);
        var dataEnd = output.Length;
        WriteTail(sequence, newEvent.Session, newEvent.Task, time, newEvent.Type, newEvent.Version, output);
        var length = output.Length - start;
        if (length > LargestRecord)
        {
            throw new AgentOpsException(ErrorCodes.LedgerRecordTooLarge,
                $"A record of type '{newEvent.Type}' takes {length:N0} bytes; the largest has {LargestRecord:N0}.", newEvent.Type);
        }

        var reader = new Utf8JsonReader(output.Span[dataStart..dataEnd]);
        return new LedgerRecord(sequence, time, newEvent.Type, newEvent.Version, who, newEvent.Session, newEvent.Task, JsonElement.ParseValue(ref reader));
    }

    /// <summary>A record that is not appended yet, as reading it will give it; its sequence and time are not known, its actor only as far as the event names it.</summary>
    /// <exception cref="AgentOpsException">The data can't be recorded, or the record is too large.</exception>
    public static LedgerRecord Preview(NewEvent newEvent) => Write(newEvent, 0, default, Nobody, redactor: null, new ByteBuffer());

    /// <summary>Writes a record that was read: the same bytes again.</summary>
    public static void Write(LedgerRecord record, ByteBuffer output)
    {
        WriteHead(record.Actor, output);
        CanonicalJson.Write(record.Data, null, output);
        WriteTail(record.Sequence, record.Session, record.Task, record.Time, record.Type, record.Version, output);
    }

    /// <summary>Reads a record.</summary>
    /// <exception cref="FormatException">The bytes are no record.</exception>
    public static LedgerRecord Read(ReadOnlySpan<byte> line)
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

    private static LedgerRecord ReadMembers(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line);
        Expect(ref reader, JsonTokenType.StartObject);
        long sequence = -1;
        var version = -1;
        DateTimeOffset? time = null;
        string? type = null, session = null, task = null;
        Actor? actor = null;
        JsonElement? data = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("actor"u8))
            {
                actor = ReadActor(ref reader);
            }
            else if (reader.ValueTextEquals("data"u8))
            {
                reader.Read();
                data = JsonElement.ParseValue(ref reader);
            }
            else if (reader.ValueTextEquals("seq"u8))
            {
                reader.Read();
                sequence = reader.GetInt64();
            }
            else if (reader.ValueTextEquals("session"u8))
            {
                session = ReadText(ref reader);
            }
            else if (reader.ValueTextEquals("task"u8))
            {
                task = ReadText(ref reader);
            }
            else if (reader.ValueTextEquals("time"u8))
            {
                reader.Read();
                time = ParseTime(reader.ValueSpan);
            }
            else if (reader.ValueTextEquals("type"u8))
            {
                type = ReadText(ref reader);
            }
            else if (reader.ValueTextEquals("version"u8))
            {
                reader.Read();
                version = reader.GetInt32();
            }
            else
            {
                throw new FormatException($"The record has a member '{reader.GetString()}', which this format does not have.");
            }
        }

        return actor is not null && data is { ValueKind: JsonValueKind.Object } && time is not null && type is not null && sequence >= 0 && version >= 0
            ? new LedgerRecord(sequence, time.Value, type, version, actor, session, task, data.Value)
            : throw new FormatException("The record lacks one of its members actor, data, seq, time, type, version.");
    }

    /// <summary>Reads a time as records write it.</summary>
    public static DateTimeOffset ParseTime(ReadOnlySpan<byte> text) =>
        text.Length == TimeLength && text[^1] == (byte)'Z' && Utf8Parser.TryParse(text, out DateTime time, out var consumed, 'O') && consumed == TimeLength
            ? new DateTimeOffset(time.ToUniversalTime(), TimeSpan.Zero)
            : throw new FormatException("The record's time is not of the form 2026-01-31T12:00:00.0000000Z.");

    private static void WriteHead(Actor actor, ByteBuffer output)
    {
        output.Write("{\"actor\":{"u8);
        if (actor.Agent is { } agent)
        {
            output.Write("\"agent\":"u8);
            CanonicalJson.WriteString(agent, output);
            output.Write(","u8);
        }

        output.Write("\"host\":"u8);
        CanonicalJson.WriteString(actor.Host, output);
        output.Write(",\"onBehalfOf\":"u8);
        CanonicalJson.WriteString(actor.OnBehalfOf, output);
        output.Write(",\"process\":"u8);
        CanonicalJson.WriteString(actor.Process, output);
        output.Write("},\"data\":"u8);
    }

    private static void WriteTail(long sequence, string? session, string? task, DateTimeOffset time, string type, int version, ByteBuffer output)
    {
        output.Write(",\"seq\":"u8);
        CanonicalJson.WriteInteger(sequence, output);
        if (session is not null)
        {
            output.Write(",\"session\":"u8);
            CanonicalJson.WriteString(session, output);
        }

        if (task is not null)
        {
            output.Write(",\"task\":"u8);
            CanonicalJson.WriteString(task, output);
        }

        output.Write(",\"time\":\""u8);
        time.UtcDateTime.TryFormat(output.GetSpan(TimeLength), out var written, TimeFormat, CultureInfo.InvariantCulture);
        output.Advance(written);
        output.Write("\",\"type\":"u8);
        CanonicalJson.WriteString(type, output);
        output.Write(",\"version\":"u8);
        CanonicalJson.WriteInteger(version, output);
        output.Write("}"u8);
    }

    private static Actor ReadActor(ref Utf8JsonReader reader)
    {
        Expect(ref reader, JsonTokenType.StartObject);
        string? agent = null, host = null, onBehalfOf = null, process = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("agent"u8))
            {
                agent = ReadText(ref reader);
            }
            else if (reader.ValueTextEquals("host"u8))
            {
                host = ReadText(ref reader);
            }
            else if (reader.ValueTextEquals("onBehalfOf"u8))
            {
                onBehalfOf = ReadText(ref reader);
            }
            else if (reader.ValueTextEquals("process"u8))
            {
                process = ReadText(ref reader);
            }
            else
            {
                throw new FormatException($"The actor has a member '{reader.GetString()}', which this format does not have.");
            }
        }

        return host is not null && onBehalfOf is not null && process is not null
            ? new Actor(agent, onBehalfOf, host, process)
            : throw new FormatException("The actor lacks one of its members host, onBehalfOf, process.");
    }

    private static string? ReadText(ref Utf8JsonReader reader)
    {
        Expect(ref reader, JsonTokenType.String);
        return reader.GetString();
    }

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType type)
    {
        if (!reader.Read() || reader.TokenType != type)
        {
            throw new FormatException($"The line is no record: {type} was expected at byte {reader.BytesConsumed}.");
        }
    }
}
