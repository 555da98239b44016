using System.Security.Cryptography;
using AgentOps.Engine.Errors;

namespace AgentOps.Engine.Ledger;

/// <summary>
/// Payloads (prompts, output of tools) beside the ledger, which records only their references. A reference is
/// <c>sha256:</c> and the SHA-256, lowercase hexadecimal, of the file: 16 random bytes, the salt, and the payload. So a
/// payload that was erased can't be guessed from the reference that stays in the ledger.
/// </summary>
public sealed class PayloadStore : IPayloadStore
{
    private const string Prefix = "sha256:";
    private const int SaltLength = 16;
    private static readonly System.Buffers.SearchValues<char> Hexadecimal = System.Buffers.SearchValues.Create("0123456789abcdef");
    private readonly LedgerFolder folder;
    private readonly ILedgerFiles files;

    /// <summary>Opens the payloads of a workspace.</summary>
    /// <param name="workspace">The folder of the workspace; the payloads lie in its folder <c>blobs</c>.</param>
    public PayloadStore(string workspace)
        : this(workspace, new DiskFiles())
    {
    }

    internal PayloadStore(string workspace, ILedgerFiles files)
    {
        folder = new LedgerFolder(Path.GetFullPath(workspace));
        this.files = files;
    }

    /// <inheritdoc/>
    public ValueTask<string> PutAsync(ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var content = new byte[SaltLength + payload.Length];
        RandomNumberGenerator.Fill(content.AsSpan(0, SaltLength));
        payload.Span.CopyTo(content.AsSpan(SaltLength));
        var digest = Convert.ToHexStringLower(SHA256.HashData(content));
        try
        {
            var path = GetPath(digest);
            files.CreateFolder(folder.Blobs, ownerOnly: true);
            files.CreateFolder(Path.GetDirectoryName(path)!);
            files.Replace(path, content, durable: true, ownerOnly: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new AgentOpsException(ErrorCodes.StoreUnavailable, $"A payload can't be written in '{folder.Blobs}': {exception.Message}", folder.Blobs, innerException: exception);
        }

        return ValueTask.FromResult(Prefix + digest);
    }

    /// <inheritdoc/>
    public ValueTask<byte[]> GetAsync(string reference, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reference);
        cancellationToken.ThrowIfCancellationRequested();
        if (!reference.StartsWith(Prefix, StringComparison.Ordinal) || reference.Length != Prefix.Length + 64 || !IsHexadecimal(reference.AsSpan(Prefix.Length)))
        {
            throw new AgentOpsException(ErrorCodes.PayloadNotFound, $"'{reference}' is no reference of a payload: sha256: and 64 hexadecimal digits.", reference);
        }

        var content = files.TryReadAll(GetPath(reference[Prefix.Length..]))
            ?? throw new AgentOpsException(ErrorCodes.PayloadNotFound, $"The payload {reference} is not here.", reference);
        return content.Length >= SaltLength && Convert.ToHexStringLower(SHA256.HashData(content)) == reference[Prefix.Length..]
            ? ValueTask.FromResult(content[SaltLength..])
            : throw new AgentOpsException(ErrorCodes.PayloadTampered, $"The payload {reference} is not what its reference says.", reference);
    }

    private static bool IsHexadecimal(ReadOnlySpan<char> text) => text.IndexOfAnyExcept(Hexadecimal) < 0;

    private string GetPath(string digest) => Path.Combine(folder.Blobs, digest[..2], digest);
}
