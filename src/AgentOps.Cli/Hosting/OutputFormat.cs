namespace AgentOps.Cli.Hosting;

/// <summary>How a command writes its answer.</summary>
internal enum OutputFormat
{
    /// <summary>A table for a person.</summary>
    Table,

    /// <summary>One JSON document.</summary>
    Json,

    /// <summary>One JSON document a line, as it comes; the first says the protocol's version.</summary>
    Jsonl,

    /// <summary>Comma-separated values with a header.</summary>
    Csv,
}
