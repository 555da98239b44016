namespace AgentOps.Output;

/// <summary>A key that signs a ledger.</summary>
public sealed record LedgerKey
{
    /// <summary>The store whose ledger it signs.</summary>
    public required string Store { get; init; }

    /// <summary>The public half, to be pinned elsewhere: <c>name+keyid+base64</c>.</summary>
    public required string VerifierKey { get; init; }

    /// <summary>The first record that it signs.</summary>
    public required long FromSequence { get; init; }
}
