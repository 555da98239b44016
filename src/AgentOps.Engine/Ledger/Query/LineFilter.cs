using System.Text;

namespace AgentOps.Engine.Ledger;

/// <summary>
/// Refuses lines that can't match a query, from their bytes alone: the agent stands at the beginning of a record, and
/// session, task, time, type and version at its end, in this order. What it lets through is then read and asked again.
/// </summary>
internal sealed class LineFilter(LedgerQuery query)
{
    private static readonly byte[] AgentMark = "{\"actor\":{\"agent\":\""u8.ToArray();
    private static readonly byte[] TypeMark = ",\"type\":\""u8.ToArray();
    private static readonly byte[] TimeMark = ",\"time\":\""u8.ToArray();
    private readonly byte[]? _agent = GetLiteral(query.Agent);
    private readonly byte[]? _type = GetLiteral(query.Type);
    private readonly byte[]? _session = GetMember("session", query.Session);
    private readonly byte[]? _task = GetMember("task", query.Task);
    private readonly byte[]? _after = GetTime(query.After);
    private readonly byte[]? _before = GetTime(query.Before);

    /// <summary>Tells whether a record may match.</summary>
    /// <param name="line">The line of a record.</param>
    /// <param name="isPast">True where this record, and so every one after it, is too young.</param>
    public bool MayMatch(ReadOnlySpan<byte> line, out bool isPast)
    {
        isPast = false;
        if (_agent is not null && (!line.StartsWith(AgentMark) || !StartsWithText(line[AgentMark.Length..], _agent)))
        {
            return false;
        }

        var typeStart = line.LastIndexOf(TypeMark);
        if (typeStart < RecordScan.TimeLength + TimeMark.Length + 1)
        {
            return true;
        }

        if (_type is not null && !StartsWithText(line[(typeStart + TypeMark.Length)..], _type))
        {
            return false;
        }

        var time = line.Slice(typeStart - 1 - RecordScan.TimeLength, RecordScan.TimeLength);
        if (_before is not null && time.SequenceCompareTo(_before) >= 0)
        {
            isPast = true;
            return false;
        }

        var head = line[..(typeStart - 1 - RecordScan.TimeLength - TimeMark.Length)];
        return (_after is null || time.SequenceCompareTo(_after) >= 0)
            && (_task is null || head.EndsWith(_task))
            && (_session is null || head.LastIndexOf(_session) >= 0);
    }

    // ASCII letters are the same in both cases; a text with other letters or escapes is let through, to be read.
    private static bool StartsWithText(ReadOnlySpan<byte> text, ReadOnlySpan<byte> literal)
    {
        for (var i = 0; i < literal.Length; i++)
        {
            if (i == text.Length)
            {
                return false;
            }

            if (text[i] is >= 0x80 or (byte)'\\')
            {
                return true;
            }

            if (text[i] != literal[i] && ((text[i] ^ literal[i]) != 0x20 || !char.IsAsciiLetter((char)text[i])))
            {
                return false;
            }
        }

        return true;
    }

    // The part of a wildcard pattern before its first wildcard, with the closing quotation mark where there is none.
    private static byte[]? GetLiteral(string? pattern)
    {
        if (pattern is null)
        {
            return null;
        }

        var end = pattern.AsSpan().IndexOfAny('*', '?');
        var literal = end < 0 ? pattern + '"' : pattern[..end];
        return literal.Length == 0 || literal.AsSpan().IndexOfAnyExceptInRange(' ', '~') >= 0 || literal.Contains('\\', StringComparison.Ordinal)
            || literal.TrimEnd('"').Contains('"', StringComparison.Ordinal)
            ? null
            : Encoding.ASCII.GetBytes(literal);
    }

    private static byte[]? GetMember(string name, string? value)
    {
        if (value is null)
        {
            return null;
        }

        var buffer = new ByteBuffer(64);
        System.Buffers.BuffersExtensions.Write(buffer, Encoding.ASCII.GetBytes($",\"{name}\":"));
        CanonicalJson.WriteString(value, buffer);
        return buffer.Span.ToArray();
    }

    private static byte[]? GetTime(DateTimeOffset? time) =>
        time is { } given ? Encoding.ASCII.GetBytes(given.UtcDateTime.ToString("O", System.Globalization.CultureInfo.InvariantCulture)) : null;
}
