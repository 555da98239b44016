using AgentOps.Engine.Invocation;

namespace AgentOps.Cli.Workspaces;

/// <summary>Tells a running session on standard output, a line an event.</summary>
internal sealed class SessionPrinter(TextWriter output)
{
    private bool _midLine;

    /// <summary>Prints one event.</summary>
    public void Print(SessionEvent item)
    {
        switch (item.Kind)
        {
            case SessionEventKind.Text:
                output.Write(item.Text);
                _midLine = item.Text is { Length: > 0 } text && text[^1] != '\n';
                break;
            case SessionEventKind.ToolStarted:
                Line($"  allowed  {item.Tool} {item.Arguments}  [{string.Join(", ", item.Rules)}]");
                break;
            case SessionEventKind.ToolCompleted:
                Line($"  {item.Outcome,-7}  {item.Tool}: {FirstLine(item.Text)}");
                break;
            case SessionEventKind.ToolRefused:
                Line($"  REFUSED  {item.Tool} {item.Arguments}: {item.Reason}");
                break;
            case SessionEventKind.ToolPlanned:
                Line($"  planned  {item.Tool} {item.Arguments}");
                break;
            case SessionEventKind.Ended:
                Line(string.Empty);
                break;
        }
    }

    private void Line(string text)
    {
        if (_midLine)
        {
            output.WriteLine();
            _midLine = false;
        }

        if (text.Length > 0)
        {
            output.WriteLine(text);
        }
    }

    private static string FirstLine(string? text)
    {
        var line = (text ?? string.Empty).AsSpan().Trim();
        var end = line.IndexOf('\n');
        var isShort = end < 0 && line.Length <= 100;
        return isShort ? line.ToString() : string.Concat(line[..Math.Min(end < 0 ? 100 : end, Math.Min(line.Length, 100))], " …");
    }
}
