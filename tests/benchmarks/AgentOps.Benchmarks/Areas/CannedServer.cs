using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace AgentOps.Benchmarks.Areas;

/// <summary>One read, one write, always the same answer. A request for a stream gets paced deltas, each holding the time at which it was sent.</summary>
internal sealed class CannedServer : LoopbackServer
{
    public const int Deltas = 64;

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);
    private static readonly byte[] Whole = Canned();

    public CannedServer() => Start();

    protected override async Task AnswerAsync(Socket socket, long received, ReadOnlyMemory<byte> body)
    {
        if (body.Span.IndexOf("\"stream\":true"u8) >= 0)
        {
            await StreamAsync(socket);
        }
        else
        {
            await socket.SendAsync(Whole, Stopped);
        }
    }

    private static byte[] Canned()
    {
        const string Body = """{"id":"r","object":"chat.completion","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"The disk is 81 % full; the caches may go."},"finish_reason":"stop"}],"usage":{"prompt_tokens":20,"completion_tokens":12,"total_tokens":32}}""";
        return Encoding.UTF8.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(Body)}\r\n\r\n{Body}");
    }

    private async Task StreamAsync(Socket socket)
    {
        await BeginEventsAsync(socket);
        for (var delta = 0; delta < Deltas; delta++)
        {
            await Task.Delay(Pace, Stopped);
            await SendEventAsync(socket, $$$"""{"id":"r","model":"m","choices":[{"index":0,"delta":{"content":"{{{Stopwatch.GetTimestamp()}}}"},"finish_reason":null}]}""");
        }

        await SendEventAsync(socket, """{"id":"r","model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""");
        await EndEventsAsync(socket);
    }
}
