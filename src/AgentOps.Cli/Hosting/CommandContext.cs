using AgentOps.Protocol;

namespace AgentOps.Cli.Hosting;

/// <summary>What a command writes to.</summary>
/// <param name="Format">How.</param>
/// <param name="Lines">JSON lines; null in other formats.</param>
/// <param name="Out">Standard output as text.</param>
/// <param name="Error">Standard error as text.</param>
internal sealed record CommandContext(OutputFormat Format, LineWriter? Lines, TextWriter Out, TextWriter Error)
{
    /// <summary>Tells a caller that reads lines how far the command is; nothing otherwise.</summary>
    public void Progress(string activity, long completed, long total, double? secondsLeft = null) =>
        Lines?.Write(new ProgressLine(activity, completed, total, secondsLeft), ProtocolJson.Default.ProgressLine);
}
