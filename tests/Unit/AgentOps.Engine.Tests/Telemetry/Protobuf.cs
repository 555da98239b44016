using System.Text;

namespace AgentOps.Engine.Tests.Telemetry;

/// <summary>As much of the Protocol Buffers' wire format (protobuf.dev/programming-guides/encoding) as it takes to read what an exporter sent.</summary>
internal sealed class Protobuf
{
    private readonly List<(int Field, byte[] Content)> _fields = [];

    private Protobuf()
    {
    }

    public static Protobuf Read(byte[] message)
    {
        var read = new Protobuf();
        var at = 0;
        while (at < message.Length)
        {
            var key = Varint(message, ref at);
            var field = (int)(key >> 3);
            switch (key & 7)
            {
                case 0:
                    read._fields.Add((field, BitConverter.GetBytes(Varint(message, ref at))));
                    break;
                case 1:
                    read._fields.Add((field, message[at..(at += 8)]));
                    break;
                case 2:
                    var length = (int)Varint(message, ref at);
                    read._fields.Add((field, message[at..(at += length)]));
                    break;
                case 5:
                    read._fields.Add((field, message[at..(at += 4)]));
                    break;
                default:
                    throw new InvalidDataException($"The wire type {key & 7} at {at} is none.");
            }
        }

        return read;
    }

    /// <summary>The messages below, by the numbers of the fields that lead to them.</summary>
    public IEnumerable<Protobuf> Messages(params int[] path) => path.Length == 0
        ? [this]
        : _fields.Where(field => field.Field == path[0]).SelectMany(field => Read(field.Content).Messages(path[1..]));

    public string Text(int field) => Encoding.UTF8.GetString(Bytes(field));

    public byte[] Bytes(int field) => _fields.FirstOrDefault(found => found.Field == field).Content ?? [];

    private static ulong Varint(byte[] message, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = message[at++];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }
}
