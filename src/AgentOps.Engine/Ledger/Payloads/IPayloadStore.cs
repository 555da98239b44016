using AgentOps.Engine.Errors;

namespace AgentOps.Engine.Ledger;

/// <summary>Payloads (prompts, output of tools) beside the ledger, which records only their references.</summary>
public interface IPayloadStore
{
    /// <summary>Keeps a payload; it is durable when this returns.</summary>
    /// <returns>The reference, to be recorded: <c>sha256:</c> and 64 hexadecimal digits.</returns>
    /// <exception cref="AgentOpsException">StoreUnavailable.</exception>
    ValueTask<string> PutAsync(ReadOnlyMemory<byte> payload, CancellationToken cancellationToken);

    /// <summary>Begins to keep a payload, so that it can be made durable beside the record that names it.</summary>
    PayloadWrite Begin(ReadOnlyMemory<byte> payload);

    /// <summary>Reads a payload.</summary>
    /// <exception cref="AgentOpsException">PayloadNotFound: it was erased. PayloadTampered: it is not what the reference says.</exception>
    ValueTask<byte[]> GetAsync(string reference, CancellationToken cancellationToken);
}
