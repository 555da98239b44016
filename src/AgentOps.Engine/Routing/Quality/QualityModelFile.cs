using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using AgentOps.Engine.Errors;

namespace AgentOps.Engine.Routing.Quality;

/// <summary>
/// A learned quality model as a file: a line that names the format, then Brotli: the models' names, and the numbers that were learned,
/// little-endian. No prompt can be read back from it.
/// </summary>
/// <param name="Models">The models, in the order of their scores.</param>
/// <param name="Model">What was learned.</param>
/// <param name="Margin">How far below the best prediction a model may lie and still count as capable.</param>
/// <param name="Digest">The SHA-256 of the file, lowercase hexadecimal.</param>
public sealed record QualityModelFile(IReadOnlyList<string> Models, QualityModel Model, double Margin, string Digest)
{
    private const int ModelsAtMost = 1000;

    private static ReadOnlySpan<byte> Format => "agentops-quality 1\n"u8;

    /// <summary>Writes a model.</summary>
    /// <param name="models">The models' names, in the order of the table that it was learned from.</param>
    /// <param name="model">What was learned.</param>
    /// <param name="margin">How far below the best prediction a model may lie and still count as capable.</param>
    /// <param name="output">Where to; left open.</param>
    public static void Write(IReadOnlyList<string> models, QualityModel model, double margin, Stream output)
    {
        output.Write(Format);
        using var compressed = new BrotliStream(output, CompressionLevel.Fastest, leaveOpen: true);
        using var writer = new BinaryWriter(compressed, Encoding.UTF8);
        writer.Write(models.Count);
        foreach (var name in models)
        {
            writer.Write(name);
        }

        writer.Write(margin);
        model.Write(writer);
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="AgentOpsException"><c>QualityModelInvalid</c>: it is not there, or no such file.</exception>
    public static QualityModelFile Read(string path)
    {
        try
        {
            var bytes = File.ReadAllBytes(path);
            if (!bytes.AsSpan().StartsWith(Format))
            {
                throw new InvalidDataException("it does not begin as one");
            }

            using var compressed = new BrotliStream(new MemoryStream(bytes, Format.Length, bytes.Length - Format.Length), CompressionMode.Decompress);
            using var reader = new BinaryReader(compressed, Encoding.UTF8);
            var models = new string[Numbers.ReadCount(reader, ModelsAtMost)];
            for (var model = 0; model < models.Length; model++)
            {
                models[model] = reader.ReadString();
            }

            var margin = Numbers.ReadDoubles(reader, 1)[0];
            return new QualityModelFile(models, QualityModel.Read(reader, models.Length), margin, Convert.ToHexStringLower(SHA256.HashData(bytes)));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException or FormatException or InvalidOperationException)
        {
            throw new AgentOpsException(ErrorCodes.QualityModelInvalid, $"The file '{path}' can't be read as a quality model: {exception.Message}", path, innerException: exception);
        }
    }
}
