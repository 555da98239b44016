using System.Buffers;
using System.Security.Cryptography;
using AgentOps.Engine.Errors;

namespace AgentOps.Engine.Ledger;

/// <summary>The form in which payloads are kept: 16 random bytes and the payload; named by the SHA-256 of both.</summary>
internal static class SaltedPayload
{
    /// <summary>How a reference begins; 64 lowercase hexadecimal digits follow.</summary>
    public const string Prefix = "sha256:";

    private const int SaltLength = 16;
    private static readonly SearchValues<char> Hexadecimal = SearchValues.Create("0123456789abcdef");

    /// <summary>Salts a payload.</summary>
    public static (string Digest, byte[] Content) Make(ReadOnlySpan<byte> payload)
    {
        var content = new byte[SaltLength + payload.Length];
        RandomNumberGenerator.Fill(content.AsSpan(0, SaltLength));
        payload.CopyTo(content.AsSpan(SaltLength));
        return (Convert.ToHexStringLower(SHA256.HashData(content)), content);
    }

    /// <summary>Takes the digest out of a reference.</summary>
    /// <exception cref="AgentOpsException">PayloadNotFound: it is no reference.</exception>
    public static string ReadReference(string reference) =>
        reference.StartsWith(Prefix, StringComparison.Ordinal) && reference.Length == Prefix.Length + 64 && reference.AsSpan(Prefix.Length).IndexOfAnyExcept(Hexadecimal) < 0
            ? reference[Prefix.Length..]
            : throw new AgentOpsException(ErrorCodes.PayloadNotFound, $"'{reference}' is no reference of a payload: sha256: and 64 hexadecimal digits.", reference);

    /// <summary>Checks what is kept against its reference and takes the salt off.</summary>
    /// <exception cref="AgentOpsException">PayloadNotFound, PayloadTampered.</exception>
    public static byte[] Open(string reference, byte[]? content)
    {
        if (content is null)
        {
            throw new AgentOpsException(ErrorCodes.PayloadNotFound, $"The payload {reference} is not here.", reference);
        }

        return content.Length >= SaltLength && Prefix + Convert.ToHexStringLower(SHA256.HashData(content)) == reference
            ? content[SaltLength..]
            : throw new AgentOpsException(ErrorCodes.PayloadTampered, $"The payload {reference} is not what its reference says.", reference);
    }
}
