using System.Buffers.Text;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AgentOps.Benchmarks.Areas;

/// <summary>
/// An HTTP server on the loopback that costs next to nothing: one read, one write, always the same answer. A request for a
/// stream gets paced deltas, each holding the time at which it was sent.
/// </summary>
internal sealed class CannedServer : IDisposable
{
    public const int Deltas = 64;

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);
    private static readonly byte[] Whole = Canned();

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();

    public CannedServer()
    {
        listener.Start();
        _ = AcceptAsync();
    }

    public Uri Uri => new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");

    public void Dispose()
    {
        stop.Cancel();
        listener.Dispose();
        stop.Dispose();
    }

    private static byte[] Canned()
    {
        const string Body = """{"id":"r","object":"chat.completion","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"The disk is 81 % full; the caches may go."},"finish_reason":"stop"}],"usage":{"prompt_tokens":20,"completion_tokens":12,"total_tokens":32}}""";
        return Encoding.UTF8.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(Body)}\r\n\r\n{Body}");
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await listener.AcceptSocketAsync(stop.Token);
                socket.NoDelay = true;
                _ = ServeAsync(socket);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The benchmark is over.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using (socket)
        {
            var buffer = new byte[16 * 1024];
            var length = 0;
            try
            {
                while (true)
                {
                    var read = await socket.ReceiveAsync(buffer.AsMemory(length), stop.Token);
                    if (read == 0)
                    {
                        return;
                    }

                    length += read;
                    if (!IsComplete(buffer.AsSpan(0, length)))
                    {
                        continue;
                    }

                    var wantsStream = buffer.AsSpan(0, length).IndexOf("\"stream\":true"u8) >= 0;
                    length = 0;
                    if (wantsStream)
                    {
                        await StreamAsync(socket);
                    }
                    else
                    {
                        await socket.SendAsync(Whole, stop.Token);
                    }
                }
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // The client or the benchmark is gone.
            }
        }
    }

    private async Task StreamAsync(Socket socket)
    {
        await socket.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"u8.ToArray(), stop.Token);
        for (var delta = 0; delta < Deltas; delta++)
        {
            await Task.Delay(Pace, stop.Token);
            await SendAsync(socket, $$$"""{"id":"r","model":"m","choices":[{"index":0,"delta":{"content":"{{{Stopwatch.GetTimestamp()}}}"},"finish_reason":null}]}""");
        }

        await SendAsync(socket, """{"id":"r","model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""");
        await SendAsync(socket, "[DONE]");
        await socket.SendAsync("0\r\n\r\n"u8.ToArray(), stop.Token);
    }

    private async Task SendAsync(Socket socket, string data)
    {
        var text = $"data: {data}\n\n";
        await socket.SendAsync(Encoding.UTF8.GetBytes($"{text.Length:x}\r\n{text}\r\n"), stop.Token);
    }

    private static bool IsComplete(ReadOnlySpan<byte> request)
    {
        var head = request.IndexOf("\r\n\r\n"u8);
        if (head < 0)
        {
            return false;
        }

        var at = request.IndexOf("Content-Length: "u8);
        if (at < 0)
        {
            // The client writes bodies whose length it knows with their length, always.
            return request.IndexOf("0\r\n\r\n"u8) >= 0;
        }

        return Utf8Parser.TryParse(request[(at + 16)..], out int length, out _) && request.Length >= head + 4 + length;
    }
}
