using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using AgentOps.Engine.Errors;

namespace AgentOps.Engine.Ledger;

/// <summary>
/// Writes the JSON Canonicalization Scheme (RFC 8785) for the ledger's values: members sorted by UTF-16 code
/// units, the shortest escapes, no white space. Numbers are integers below 2^53, so that their canonical form
/// is their decimal digits.
/// </summary>
internal static class CanonicalJson
{
    private const long LargestInteger = (1L << 53) - 1;

    private static readonly SearchValues<byte> Escaped = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(value => (byte)value), (byte)'"', (byte)'\\']);

    /// <summary>Writes a value.</summary>
    /// <param name="element">The value.</param>
    /// <param name="redactor">Applied to every string value before it is written, or null.</param>
    /// <param name="output">Receives UTF-8.</param>
    /// <exception cref="AgentOpsException">A number is no integer below 2^53, a member is doubled, or a string is no Unicode text.</exception>
    public static void Write(JsonElement element, ISecretRedactor? redactor, IBufferWriter<byte> output)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(element, redactor, output);
                break;
            case JsonValueKind.Array:
                output.Write("["u8);
                var first = true;
                foreach (var item in element.EnumerateArray())
                {
                    if (!first)
                    {
                        output.Write(","u8);
                    }

                    first = false;
                    Write(item, redactor, output);
                }

                output.Write("]"u8);
                break;
            case JsonValueKind.String:
                var text = GetText(element);
                WriteString(redactor is null ? text : redactor.Redact(text), output);
                break;
            case JsonValueKind.Number:
                WriteNumber(element, output);
                break;
            case JsonValueKind.True:
                output.Write("true"u8);
                break;
            case JsonValueKind.False:
                output.Write("false"u8);
                break;
            default:
                output.Write("null"u8);
                break;
        }
    }

    /// <summary>Writes a value, as <see cref="Write(JsonElement, ISecretRedactor?, IBufferWriter{byte})"/> does.</summary>
    public static void Write(JsonNode? node, ISecretRedactor? redactor, IBufferWriter<byte> output)
    {
        switch (node)
        {
            case null:
                output.Write("null"u8);
                break;
            case JsonObject members:
                WriteObject(members, redactor, output);
                break;
            case JsonArray items:
                output.Write("["u8);
                for (var i = 0; i < items.Count; i++)
                {
                    if (i > 0)
                    {
                        output.Write(","u8);
                    }

                    Write(items[i], redactor, output);
                }

                output.Write("]"u8);
                break;
            case JsonValue value when value.TryGetValue(out string? text):
                WriteString(redactor is null ? text : redactor.Redact(text), output);
                break;
            case JsonValue value when value.TryGetValue(out bool truth):
                output.Write(truth ? "true"u8 : "false"u8);
                break;
            case JsonValue value when value.TryGetValue(out int integer):
                WriteInteger(integer, output);
                break;
            default:
                WriteOther(node, redactor, output);
                break;
        }
    }

    /// <summary>Writes a string with its quotation marks.</summary>
    public static void WriteString(ReadOnlySpan<char> text, IBufferWriter<byte> output)
    {
        var span = output.GetSpan((text.Length * 3) + 2);
        span[0] = (byte)'"';
        if (Utf8.FromUtf16(text, span[1..], out _, out var written, replaceInvalidSequences: false) != OperationStatus.Done)
        {
            throw new AgentOpsException(ErrorCodes.LedgerValueInvalid, "A string holds half of a surrogate pair, which is no Unicode text.");
        }

        var body = span.Slice(1, written);
        if (body.IndexOfAny(Escaped) < 0)
        {
            span[written + 1] = (byte)'"';
            output.Advance(written + 2);
            return;
        }

        var copy = body.ToArray();
        output.Write("\""u8);
        WriteEscaped(copy, output);
        output.Write("\""u8);
    }

    /// <summary>Writes an integer.</summary>
    public static void WriteInteger(long value, IBufferWriter<byte> output)
    {
        var span = output.GetSpan(20);
        value.TryFormat(span, out var written, provider: CultureInfo.InvariantCulture);
        output.Advance(written);
    }

    private static void WriteEscaped(ReadOnlySpan<byte> body, IBufferWriter<byte> output)
    {
        while (body.IndexOfAny(Escaped) is var index and >= 0)
        {
            output.Write(body[..index]);
            var value = body[index];
            output.Write(value switch
            {
                (byte)'"' => "\\\""u8,
                (byte)'\\' => "\\\\"u8,
                0x08 => "\\b"u8,
                0x09 => "\\t"u8,
                0x0A => "\\n"u8,
                0x0C => "\\f"u8,
                0x0D => "\\r"u8,
                _ => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\\u{value:x4}")),
            });
            body = body[(index + 1)..];
        }

        output.Write(body);
    }

    private static void WriteObject(JsonElement element, ISecretRedactor? redactor, IBufferWriter<byte> output)
    {
        var count = element.GetPropertyCount();
        var members = ArrayPool<KeyValuePair<string, JsonElement>>.Shared.Rent(count);
        try
        {
            var index = 0;
            var sorted = true;
            foreach (var property in element.EnumerateObject())
            {
                members[index] = new(GetName(property), property.Value);
                sorted &= index == 0 || string.CompareOrdinal(members[index - 1].Key, members[index].Key) < 0;
                index++;
            }

            if (!sorted)
            {
                members.AsSpan(0, count).Sort(static (x, y) => string.CompareOrdinal(x.Key, y.Key));
            }

            output.Write("{"u8);
            for (var i = 0; i < count; i++)
            {
                if (i > 0)
                {
                    if (members[i].Key == members[i - 1].Key)
                    {
                        throw new AgentOpsException(ErrorCodes.LedgerValueInvalid, $"The member '{members[i].Key}' stands twice in one object.");
                    }

                    output.Write(","u8);
                }

                WriteString(members[i].Key, output);
                output.Write(":"u8);
                Write(members[i].Value, redactor, output);
            }

            output.Write("}"u8);
        }
        finally
        {
            ArrayPool<KeyValuePair<string, JsonElement>>.Shared.Return(members, clearArray: true);
        }
    }

    private static void WriteObject(JsonObject node, ISecretRedactor? redactor, IBufferWriter<byte> output)
    {
        var count = node.Count;
        var members = ArrayPool<KeyValuePair<string, JsonNode?>>.Shared.Rent(count);
        try
        {
            var index = 0;
            var sorted = true;
            foreach (var member in node)
            {
                members[index] = member;
                sorted &= index == 0 || string.CompareOrdinal(members[index - 1].Key, member.Key) < 0;
                index++;
            }

            if (!sorted)
            {
                members.AsSpan(0, count).Sort(static (x, y) => string.CompareOrdinal(x.Key, y.Key));
            }

            output.Write("{"u8);
            for (var i = 0; i < count; i++)
            {
                if (i > 0)
                {
                    output.Write(","u8);
                }

                WriteString(members[i].Key, output);
                output.Write(":"u8);
                Write(members[i].Value, redactor, output);
            }

            output.Write("}"u8);
        }
        catch (ArgumentException exception)
        {
            throw new AgentOpsException(ErrorCodes.LedgerValueInvalid, "A member stands twice in one object.", innerException: exception);
        }
        finally
        {
            ArrayPool<KeyValuePair<string, JsonNode?>>.Shared.Return(members, clearArray: true);
        }
    }

    // Values of other types are written and read again: what they become as JSON decides.
    private static void WriteOther(JsonNode node, ISecretRedactor? redactor, IBufferWriter<byte> output)
    {
        var buffer = new ByteBuffer(64);
        try
        {
            using (var writer = new Utf8JsonWriter(buffer))
            {
                node.WriteTo(writer);
            }

            using var document = JsonDocument.Parse(buffer.Memory);
            Write(document.RootElement, redactor, output);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or NotSupportedException or JsonException)
        {
            throw new AgentOpsException(ErrorCodes.LedgerValueInvalid, $"A value can't be written as JSON: {exception.Message}", innerException: exception);
        }
    }

    private static void WriteNumber(JsonElement element, IBufferWriter<byte> output)
    {
        if (!element.TryGetInt64(out var value) || value is > LargestInteger or < -LargestInteger)
        {
            throw new AgentOpsException(ErrorCodes.LedgerValueInvalid,
                $"The number {element.GetRawText()} can't be recorded: only integers below 2^53 can.");
        }

        WriteInteger(value, output);
    }

    private static string GetText(JsonElement element)
    {
        try
        {
            return element.GetString()!;
        }
        catch (InvalidOperationException exception)
        {
            throw new AgentOpsException(ErrorCodes.LedgerValueInvalid, "A string holds half of a surrogate pair, which is no Unicode text.", innerException: exception);
        }
    }

    private static string GetName(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException exception)
        {
            throw new AgentOpsException(ErrorCodes.LedgerValueInvalid, "A member's name holds half of a surrogate pair, which is no Unicode text.", innerException: exception);
        }
    }
}
