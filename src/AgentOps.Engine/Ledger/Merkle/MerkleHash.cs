using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace AgentOps.Engine.Ledger;

/// <summary>A SHA-256 hash of the tree, with the hashing of RFC 6962, section 2.1.</summary>
[InlineArray(Length)]
internal struct MerkleHash : IEquatable<MerkleHash>
{
    /// <summary>The length in bytes.</summary>
    public const int Length = 32;

    // One context a thread: making one costs more than hashing a node does.
    [ThreadStatic]
    private static IncrementalHash? _hasher;

    private byte _element;

    /// <summary>The root of the empty tree: SHA-256 of nothing.</summary>
    public static MerkleHash Empty
    {
        get
        {
            var hash = default(MerkleHash);
            SHA256.HashData([], hash.Bytes());
            return hash;
        }
    }

    /// <summary>The hash of a leaf: SHA-256(0x00 ‖ line).</summary>
    public static MerkleHash Leaf(ReadOnlySpan<byte> line)
    {
        Span<byte> buffer = line.Length < 2048 ? stackalloc byte[2048] : new byte[line.Length + 1];
        buffer[0] = 0;
        line.CopyTo(buffer[1..]);
        return Digest(buffer[..(line.Length + 1)]);
    }

    /// <summary>The hash of an inner node: SHA-256(0x01 ‖ left ‖ right).</summary>
    public static MerkleHash Node(in MerkleHash left, in MerkleHash right)
    {
        Span<byte> buffer = stackalloc byte[1 + (2 * Length)];
        buffer[0] = 1;
        left.Read().CopyTo(buffer[1..]);
        right.Read().CopyTo(buffer[(1 + Length)..]);
        return Digest(buffer);
    }

    /// <summary>Takes a hash from its 32 bytes.</summary>
    public static MerkleHash From(ReadOnlySpan<byte> bytes)
    {
        var hash = default(MerkleHash);
        bytes[..Length].CopyTo(hash.Bytes());
        return hash;
    }

    /// <summary>Takes a hash from base64.</summary>
    public static bool TryParse(string text, out MerkleHash hash)
    {
        hash = default;
        return text.Length == 44 && Convert.TryFromBase64String(text, hash.Bytes(), out var written) && written == Length;
    }

    /// <inheritdoc/>
    public override readonly string ToString() => Convert.ToBase64String(Read());

    /// <inheritdoc/>
    public readonly bool Equals(MerkleHash other) => Read().SequenceEqual(other.Read());

    /// <inheritdoc/>
    public override readonly bool Equals(object? obj) => obj is MerkleHash other && Equals(other);

    /// <inheritdoc/>
    public override readonly int GetHashCode() => MemoryMarshal.Read<int>(Read());

    /// <summary>The 32 bytes, to read.</summary>
    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    public readonly ReadOnlySpan<byte> Read() => MemoryMarshal.CreateReadOnlySpan(in _element, Length);

    private static MerkleHash Digest(ReadOnlySpan<byte> bytes)
    {
        _hasher ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        _hasher.AppendData(bytes);
        var hash = default(MerkleHash);
        _hasher.GetHashAndReset(hash.Bytes());
        return hash;
    }

    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    private Span<byte> Bytes() => MemoryMarshal.CreateSpan(ref _element, Length);
}
