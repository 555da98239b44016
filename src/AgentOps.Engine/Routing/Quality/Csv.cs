using System.Text;

namespace AgentOps.Engine.Routing.Quality;

/// <summary>Reads CSV as RFC 4180 has it: quoted cells may hold commas, quotes and line breaks.</summary>
internal static class Csv
{
    /// <summary>The rows, each with the line that it begins on.</summary>
    public static IEnumerable<(int Line, List<string> Cells)> Read(TextReader reader)
    {
        var cells = new List<string>();
        var cell = new StringBuilder();
        var quoted = false;
        var line = 1;
        var start = 1;
        int next;
        while ((next = reader.Read()) >= 0)
        {
            var character = (char)next;
            if (character == '\n')
            {
                line++;
            }

            if (quoted)
            {
                if (character != '"')
                {
                    cell.Append(character);
                }
                else if (reader.Peek() == '"')
                {
                    cell.Append((char)reader.Read());
                }
                else
                {
                    quoted = false;
                }
            }
            else if (character == '"')
            {
                quoted = true;
            }
            else if (character == ',')
            {
                cells.Add(Take(cell));
            }
            else if (character == '\n')
            {
                if (cells.Count > 0 || cell.Length > 0)
                {
                    cells.Add(Take(cell).TrimEnd('\r'));
                    yield return (start, cells);
                    cells = [];
                }

                start = line;
            }
            else
            {
                cell.Append(character);
            }
        }

        if (cells.Count > 0 || cell.Length > 0)
        {
            cells.Add(Take(cell).TrimEnd('\r'));
            yield return (start, cells);
        }
    }

    private static string Take(StringBuilder cell)
    {
        var text = cell.ToString();
        cell.Clear();
        return text;
    }
}
