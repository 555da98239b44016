using System.Buffers;
using System.Text.Json;
using AgentOps.Engine.Providers;

namespace AgentOps.Cli.Serving;

/// <summary>Writes one answer.</summary>
internal abstract class ServedAnswer
{
    /// <summary>What comes before the first event.</summary>
    public virtual void Start(IBufferWriter<byte> output)
    {
    }

    /// <summary>An event of a stream.</summary>
    public abstract void Write(IBufferWriter<byte> output, ModelEvent modelEvent);

    /// <summary>A fault within a stream.</summary>
    public abstract void WriteFault(IBufferWriter<byte> output, ProviderFault fault);

    /// <summary>The whole answer.</summary>
    public abstract void WriteWhole(IBufferWriter<byte> output, Message message, ModelCompleted completed);

    /// <summary>Writes a server-sent event, with or without a name.</summary>
    protected static void WriteEvent(IBufferWriter<byte> output, string? name, Action<Utf8JsonWriter> write)
    {
        if (name is not null)
        {
            output.Write("event: "u8);
            output.Write(System.Text.Encoding.ASCII.GetBytes(name));
            output.Write("\n"u8);
        }

        output.Write("data: "u8);
        using (var json = new Utf8JsonWriter(output))
        {
            write(json);
        }

        output.Write("\n\n"u8);
    }
}
