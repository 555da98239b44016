using System.Globalization;
using System.Text;

namespace AgentOps.Engine.Ledger;

/// <summary>The lines of a batch as the columns of its rows.</summary>
internal sealed class RecordColumns
{
    /// <summary>Takes a sealed batch apart.</summary>
    public RecordColumns(ReadOnlyMemory<byte> batch, int commitLength)
    {
        CommitLine = batch[^commitLength..].ToArray();
        var rest = batch[..^commitLength].Span;
        Count = rest.Count((byte)'\n');
        Sequences = new long[Count];
        (Times, Types) = (new string[Count], new string[Count]);
        (Agents, Sessions, Tasks) = (new string?[Count], new string?[Count], new string?[Count]);
        Lines = new byte[Count][];
        for (var i = 0; i < Count; i++)
        {
            var end = rest.IndexOf((byte)'\n');
            Lines[i] = rest[..end].ToArray();
            var record = RecordCodec.Read(Lines[i]);
            (Sequences[i], Times[i], Types[i]) = (record.Sequence, FormatTime(record.Time), Clean(record.Type)!);
            (Agents[i], Sessions[i], Tasks[i]) = (Clean(record.Actor.Agent), Clean(record.Session), Clean(record.Task));
            rest = rest[(end + 1)..];
        }
    }

    /// <summary>How many records.</summary>
    public int Count { get; }

    /// <summary>The sequences.</summary>
    public long[] Sequences { get; }

    /// <summary>The times, as the records write them.</summary>
    public string[] Times { get; }

    /// <summary>The types.</summary>
    public string[] Types { get; }

    /// <summary>The agents.</summary>
    public string?[] Agents { get; }

    /// <summary>The sessions.</summary>
    public string?[] Sessions { get; }

    /// <summary>The tasks.</summary>
    public string?[] Tasks { get; }

    /// <summary>The lines, without line feeds.</summary>
    public byte[][] Lines { get; }

    /// <summary>The commit line with its line feed.</summary>
    public byte[] CommitLine { get; }

    /// <summary>A time as records write it; such texts sort as the times do.</summary>
    public static string FormatTime(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    /// <summary>A text without NUL, which PostgreSQL can't hold; the line keeps it.</summary>
    public static string? Clean(string? text) => text is null || !text.Contains('\0', StringComparison.Ordinal)
        ? text
        : new StringBuilder(text).Replace("\0", "").ToString();
}
