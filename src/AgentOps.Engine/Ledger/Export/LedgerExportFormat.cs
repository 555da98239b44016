namespace AgentOps.Engine.Ledger;

/// <summary>The formats in which records are exported.</summary>
public enum LedgerExportFormat
{
    /// <summary>The records as they are signed, one a line: each line is a leaf of the tree.</summary>
    Jsonl,

    /// <summary>Comma-separated values (RFC 4180); data as JSON in the last column.</summary>
    Csv,

    /// <summary>Open Cybersecurity Schema Framework 1.4.0, API Activity (class 6003), one event a line.</summary>
    Ocsf,

    /// <summary>OpenTelemetry spans by the conventions for generative AI, as OTLP in JSON, one request a line.</summary>
    OpenTelemetry,
}
