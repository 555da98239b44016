namespace AgentOps.Output;

/// <summary>The formats in which records of the ledger are exported.</summary>
public enum LedgerFormat
{
    /// <summary>The records as they are signed, one a line.</summary>
    Jsonl,

    /// <summary>Comma-separated values.</summary>
    Csv,

    /// <summary>Open Cybersecurity Schema Framework, one event a line.</summary>
    Ocsf,

    /// <summary>OpenTelemetry spans, one OTLP request a line.</summary>
    OpenTelemetry,
}
