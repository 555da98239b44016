using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using AgentOps.Engine.Configuration;

namespace AgentOps.Engine.Permissions;

/// <summary>
/// The digest of arguments: SHA-256 over a tagged, length-prefixed encoding, so that no two different values share
/// an encoding (the text "5" and the number 5 differ).
/// </summary>
internal static class ArgumentDigest
{
    public static string Compute(ReadOnlySpan<string> names, ReadOnlySpan<ArgumentValue> values)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Count(hash, names.Length);
        for (var i = 0; i < names.Length; i++)
        {
            Text(hash, 'n', names[i]);
            Value(hash, values[i]);
        }

        return "sha256:" + Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Value(IncrementalHash hash, ArgumentValue value)
    {
        switch (value.Kind)
        {
            case ArgumentValueKind.String:
                Text(hash, 's', value.AsString()!);
                break;
            case ArgumentValueKind.Integer:
                Text(hash, 'i', YamlNumbers.Spell(value.Number));
                break;
            case ArgumentValueKind.Decimal:
                Text(hash, 'd', YamlNumbers.Spell(value.Number));
                break;
            case ArgumentValueKind.Boolean:
                Text(hash, 'b', value.Number == 0 ? "0" : "1");
                break;
            case ArgumentValueKind.Date:
                Text(hash, 't', YamlNumbers.Spell(value.AsDate()!.Value));
                break;
            case ArgumentValueKind.Array:
                hash.AppendData("a"u8);
                Count(hash, value.AsArray().Length);
                foreach (var item in value.AsArray())
                {
                    Value(hash, item);
                }

                break;
            case ArgumentValueKind.Object:
                hash.AppendData("o"u8);
                Count(hash, value.AsObject().Length);
                foreach (var (name, member) in value.AsObject())
                {
                    Text(hash, 'n', name);
                    Value(hash, member);
                }

                break;
            default:
                hash.AppendData("0"u8);
                break;
        }
    }

    private static void Text(IncrementalHash hash, char tag, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        hash.AppendData([(byte)tag]);
        Count(hash, bytes.Length);
        hash.AppendData(bytes);
    }

    private static void Count(IncrementalHash hash, int count)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, count);
        hash.AppendData(bytes);
    }
}
