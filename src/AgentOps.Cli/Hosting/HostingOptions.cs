using System.CommandLine;

namespace AgentOps.Cli.Hosting;

/// <summary>Options that every command with an answer has.</summary>
internal sealed class HostingOptions
{
    /// <summary>Adds the options to a command.</summary>
    public HostingOptions(Command command)
    {
        command.Options.Add(Format);
        command.Options.Add(Control);
    }

    /// <summary><c>--format</c>.</summary>
    public Option<OutputFormat> Format { get; } = new("--format", "-f")
    {
        Description = "How the answer is written: table, json, jsonl (progress too, line by line) or csv.",
        HelpName = "table|json|jsonl|csv",
    };

    /// <summary><c>--control</c>.</summary>
    public Option<string?> Control { get; } = new Option<string?>("--control")
    {
        Description = "With 'stdin', a line 'cancel' or the end of standard input stops the command.",
        HelpName = "stdin",
    }.AcceptOnlyFromAmong("stdin");
}
