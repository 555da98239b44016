using System.Buffers;
using System.Globalization;
using System.Text;
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

    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";

    /// <summary>Writes a record.</summary>
    /// <returns>The length of the record in bytes, without a line feed.</returns>
    /// <exception cref="AgentOpsException">The data can't be recorded, or the record is too large.</exception>
    public static int Write(NewEvent newEvent, long sequence, DateTimeOffset time, Actor actor, ISecretRedactor? redactor, ByteBuffer output)
    {
        var start = output.Length;
        output.Write("{\"actor\":{"u8);
        if ((newEvent.Agent ?? actor.Agent) is { } agent)
        {
            output.Write("\"agent\":"u8);
            CanonicalJson.WriteString(agent, output);
            output.Write(","u8);
        }

        output.Write("\"host\":"u8);
        CanonicalJson.WriteString(actor.Host, output);
        output.Write(",\"onBehalfOf\":"u8);
        CanonicalJson.WriteString(newEvent.OnBehalfOf ?? actor.OnBehalfOf, output);
        output.Write(",\"process\":"u8);
        CanonicalJson.WriteString(actor.Process, output);
        output.Write("},\"data\":"u8);
        WriteData(newEvent, redactor, output);
        output.Write(",\"seq\":"u8);
        CanonicalJson.WriteInteger(sequence, output);
        if (newEvent.Session is { } session)
        {
            output.Write(",\"session\":"u8);
            CanonicalJson.WriteString(session, output);
        }

        if (newEvent.Task is { } task)
        {
            output.Write(",\"task\":"u8);
            CanonicalJson.WriteString(task, output);
        }

        output.Write(",\"time\":\""u8);
        var span = output.GetSpan(TimeFormat.Length);
        time.UtcDateTime.TryFormat(span, out var written, TimeFormat, CultureInfo.InvariantCulture);
        output.Advance(written);
        output.Write("\",\"type\":"u8);
        CanonicalJson.WriteString(newEvent.Type, output);
        output.Write(",\"version\":"u8);
        CanonicalJson.WriteInteger(newEvent.Version, output);
        output.Write("}"u8);
        var length = output.Length - start;
        return length <= LargestRecord
            ? length
            : throw new AgentOpsException(ErrorCodes.LedgerRecordTooLarge,
                $"A record of type '{newEvent.Type}' takes {length:N0} bytes; the largest has {LargestRecord:N0}.", newEvent.Type);
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
    public static DateTimeOffset ParseTime(ReadOnlySpan<byte> text)
    {
        Span<char> characters = stackalloc char[TimeFormat.Length];
        return text.Length <= characters.Length
            && Encoding.ASCII.GetChars(text, characters) == text.Length
            && DateTime.TryParseExact(characters[..text.Length], TimeFormat, CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? new DateTimeOffset(time, TimeSpan.Zero)
            : throw new FormatException("The record's time is not of the form 2026-01-31T12:00:00.0000000Z.");
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

    private static void WriteData(NewEvent newEvent, ISecretRedactor? redactor, ByteBuffer output)
    {
        var buffer = new ByteBuffer(256);
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true }))
        {
            try
            {
                newEvent.Data.WriteTo(writer);
            }
            catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or NotSupportedException)
            {
                throw new AgentOpsException(ErrorCodes.LedgerValueInvalid,
                    $"The data of an event of type '{newEvent.Type}' can't be written as JSON: {exception.Message}", newEvent.Type, innerException: exception);
            }
        }

        using var document = JsonDocument.Parse(buffer.Memory);
        CanonicalJson.Write(document.RootElement, redactor, output);
    }
}
