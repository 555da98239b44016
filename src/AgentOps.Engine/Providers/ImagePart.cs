namespace AgentOps.Engine.Providers;

/// <summary>An image, inline.</summary>
/// <param name="MediaType">For example <c>image/png</c>.</param>
/// <param name="Data">The image's bytes.</param>
public sealed record ImagePart(string MediaType, ReadOnlyMemory<byte> Data) : MessagePart
{
    /// <inheritdoc/>
    public bool Equals(ImagePart? other) =>
        other is not null && MediaType == other.MediaType && Data.Span.SequenceEqual(other.Data.Span);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(MediaType, StringComparer.Ordinal);
        hash.AddBytes(Data.Span);
        return hash.ToHashCode();
    }
}
