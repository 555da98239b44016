using System.Text;

namespace AgentOps.Cli.Hosting;

/// <summary>A plain table: the first column to the left, the others to the right, or all to the left; the same in every culture and terminal.</summary>
internal sealed class TextTable(params string[] header)
{
    private readonly List<string[]> _rows = [header];

    /// <summary>Whether all columns are text and stand to the left.</summary>
    public bool IsText { get; init; }

    public void Add(params string[] cells) => _rows.Add(cells);

    public void WriteTo(TextWriter writer)
    {
        var widths = new int[header.Length];
        foreach (var row in _rows)
        {
            for (var i = 0; i < row.Length; i++)
            {
                widths[i] = Math.Max(widths[i], row[i].Length);
            }
        }

        for (var index = 0; index < _rows.Count; index++)
        {
            var line = new StringBuilder();
            for (var i = 0; i < _rows[index].Length; i++)
            {
                line.Append(i == 0 ? string.Empty : "  ")
                    .Append(i == 0 || IsText ? _rows[index][i].PadRight(widths[i]) : _rows[index][i].PadLeft(widths[i]));
            }

            writer.WriteLine(line.ToString().TrimEnd());
            if (index == 0)
            {
                writer.WriteLine(new string('-', widths.Sum() + (2 * (widths.Length - 1))));
            }
        }
    }
}
