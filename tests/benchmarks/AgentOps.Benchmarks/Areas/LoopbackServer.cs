using System.Buffers.Text;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AgentOps.Benchmarks.Areas;

/// <summary>
/// An HTTP server on the loopback that costs next to nothing: a socket, one buffer a connection, requests told apart by their length.
/// What it answers is its heir's.
/// </summary>
internal abstract class LoopbackServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();

    /// <summary>The address of its root.</summary>
    public Uri Uri => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>Cancelled when the benchmark is over.</summary>
    protected CancellationToken Stopped => _stop.Token;

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _stop.Dispose();
    }

    /// <summary>Begins to listen; the last thing that an heir's constructor does.</summary>
    protected void Start()
    {
        _listener.Start(512);
        _ = AcceptAsync();
    }

    /// <summary>Answers one request.</summary>
    /// <param name="socket">Where to.</param>
    /// <param name="received">When its last byte came, a timestamp of <see cref="Stopwatch"/>.</param>
    /// <param name="body">Its body; valid until the answer's end.</param>
    protected abstract Task AnswerAsync(Socket socket, long received, ReadOnlyMemory<byte> body);

    /// <summary>Begins a stream of server-sent events.</summary>
    protected Task BeginEventsAsync(Socket socket) =>
        SendAsync(socket, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");

    /// <summary>Sends one event of a stream.</summary>
    protected Task SendEventAsync(Socket socket, string data)
    {
        var text = $"data: {data}\n\n";
        return SendAsync(socket, $"{text.Length:x}\r\n{text}\r\n");
    }

    /// <summary>Sends the last event of a stream of OpenAI's protocol, and ends it: one packet.</summary>
    protected Task EndEventsAsync(Socket socket) => SendAsync(socket, "e\r\ndata: [DONE]\n\n\r\n0\r\n\r\n");

    private async Task SendAsync(Socket socket, string text) => await socket.SendAsync(Encoding.ASCII.GetBytes(text), _stop.Token);

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(_stop.Token);
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
                while (await socket.ReceiveAsync(buffer.AsMemory(length), _stop.Token) is > 0 and var read)
                {
                    length += read;
                    if (FindBody(buffer.AsSpan(0, length)) is { } body)
                    {
                        await AnswerAsync(socket, Stopwatch.GetTimestamp(), buffer.AsMemory(body, length - body));
                        length = 0;
                    }
                }
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // The client or the benchmark is gone.
            }
        }
    }

    /// <summary>Where the body of a whole request begins; null while some of it is on its way.</summary>
    private static int? FindBody(ReadOnlySpan<byte> request)
    {
        var head = request.IndexOf("\r\n\r\n"u8);
        if (head < 0)
        {
            return null;
        }

        var at = request.IndexOf("Content-Length: "u8);
        // Clients write bodies whose length they know with their length, always; others end with an empty chunk.
        var isWhole = at < 0
            ? request.IndexOf("0\r\n\r\n"u8) >= 0
            : Utf8Parser.TryParse(request[(at + 16)..], out int length, out _) && request.Length >= head + 4 + length;
        return isWhole ? head + 4 : null;
    }
}
