using System.Text;

namespace AgentOps.Cli.Hosting;

/// <summary>
/// Watches standard input for whoever launched the helper: a line <c>cancel</c> (or <c>{"type":"cancel"}</c>) or the end of
/// the input stops the command. Only on request, so that a run with its input closed goes on.
/// </summary>
internal static class ControlInput
{
    /// <summary>Starts to watch; cancels the source when told to stop.</summary>
    public static void Watch(CancellationTokenSource source)
    {
        var thread = new Thread(() => Read(source)) { IsBackground = true, Name = "control" };
        thread.Start();
    }

    private static void Read(CancellationTokenSource source)
    {
        try
        {
            using var input = new StreamReader(Console.OpenStandardInput(), Encoding.UTF8);
            while (input.ReadLine() is { } line)
            {
                if (IsCancel(line))
                {
                    break;
                }
            }

            source.Cancel();
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // The pipe broke, or the command has just ended: either way nobody listens any more.
        }
    }

    private static bool IsCancel(string line)
    {
        var text = line.Trim();
        return text.Equals("cancel", StringComparison.OrdinalIgnoreCase)
            || (text.StartsWith('{') && text.Replace(" ", "", StringComparison.Ordinal).Contains("\"type\":\"cancel\"", StringComparison.Ordinal));
    }
}
