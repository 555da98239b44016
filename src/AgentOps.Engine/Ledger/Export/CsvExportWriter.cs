using System.Buffers;
using System.Globalization;
using System.Text;

namespace AgentOps.Engine.Ledger;

/// <summary>
/// Comma-separated values, RFC 4180. A text that a spreadsheet would take for a formula gets an apostrophe in front, as
/// agents' names and data come from outside.
/// </summary>
internal sealed class CsvExportWriter : IExportWriter
{
    /// <inheritdoc/>
    public void Begin(ByteBuffer output) => output.Write("sequence,time,type,version,agent,onBehalfOf,host,process,session,task,data\r\n"u8);

    /// <inheritdoc/>
    public void Write(LedgerRecord record, ByteBuffer output)
    {
        var data = new ByteBuffer(256);
        CanonicalJson.Write(record.Data, null, data);
        string?[] fields =
        [
            record.Sequence.ToString(CultureInfo.InvariantCulture),
            record.Time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
            record.Type,
            record.Version.ToString(CultureInfo.InvariantCulture),
            record.Actor.Agent,
            record.Actor.OnBehalfOf,
            record.Actor.Host,
            record.Actor.Process,
            record.Session,
            record.Task,
            Encoding.UTF8.GetString(data.Span),
        ];
        output.Write(Encoding.UTF8.GetBytes(string.Join(',', fields.Select(Quote)) + "\r\n"));
    }

    /// <inheritdoc/>
    public void End(ByteBuffer output)
    {
    }

    private static string Quote(string? field)
    {
        if (string.IsNullOrEmpty(field))
        {
            return "";
        }

        var text = field[0] is '=' or '+' or '-' or '@' or '\t' or '\r' ? "'" + field : field;
        return text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : "\"" + text.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";
    }
}
