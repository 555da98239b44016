using AgentOps.Cli.Hosting;
using AgentOps.Engine.Invocation;
using AgentOps.Protocol;

namespace AgentOps.Cli.Workspaces;

/// <summary>Tells a running session as it happens: a protocol line an event, or text for a person.</summary>
internal sealed class SessionPrinter(CommandContext context)
{
    private const int LongestLine = 100;
    private bool _midLine;

    /// <summary>Prints one event.</summary>
    public void Print(SessionEvent item)
    {
        if (context.Lines is { } lines)
        {
            lines.Write(ToLine(item), ProtocolJson.Default.SessionLine);
            return;
        }

        switch (item.Kind)
        {
            case SessionEventKind.Text:
                context.Out.Write(item.Text);
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
            case SessionEventKind.ApprovalRequested:
                Line($"  waiting  {item.Tool} {item.Arguments}: request {item.Approval}. {item.Reason}");
                break;
            case SessionEventKind.ToolPlanned:
                Line($"  planned  {item.Tool} {item.Arguments}");
                break;
            case SessionEventKind.Undoing:
                Line($"  undoing  {item.Reason}");
                break;
            case SessionEventKind.NotUndone:
                Line($"  STANDS   {item.Tool} ({item.Call}): {item.Reason}");
                break;
            case SessionEventKind.Ended:
                Line(string.Empty);
                break;
        }

        context.Out.Flush();
    }

    private static SessionLine ToLine(SessionEvent item) => new(item.Kind.ToString(), item.Session, item.Step)
    {
        Sequence = item.Sequence,
        Text = item.Text,
        Tool = item.Tool,
        Arguments = item.Arguments,
        Outcome = item.Outcome,
        Reason = item.Reason,
        Status = item.Result?.Status.ToString(),
        Cost = item.Cost,
    };

    private void Line(string text)
    {
        if (_midLine)
        {
            context.Out.WriteLine();
            _midLine = false;
        }

        if (text.Length > 0)
        {
            context.Out.WriteLine(text);
        }
    }

    private static string FirstLine(string? text)
    {
        var line = (text ?? string.Empty).AsSpan().Trim();
        var end = line.IndexOf('\n');
        var length = Math.Min(end < 0 ? line.Length : end, LongestLine);
        return length == line.Length ? line.ToString() : string.Concat(line[..length], " …");
    }
}
