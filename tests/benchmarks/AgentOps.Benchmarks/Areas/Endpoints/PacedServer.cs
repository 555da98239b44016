using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace AgentOps.Benchmarks.Areas.Endpoints;

/// <summary>
/// A server of OpenAI's protocol on the loopback with delays of its own choosing, which writes down when it really sent what. The
/// prompt is the call's number; its delays follow from that.
/// </summary>
internal sealed class PacedServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<int, (TimeSpan First, TimeSpan Gap, int Tokens)> _pace;
    private long _stalledUntil;

    public PacedServer(Func<int, (TimeSpan First, TimeSpan Gap, int Tokens)> pace)
    {
        _pace = pace;
        _listener.Start(512);
        _ = AcceptAsync();
    }

    public Uri Uri => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/v1");

    /// <summary>The last call of each number.</summary>
    public ConcurrentDictionary<int, PacedCall> Calls { get; } = new();

    /// <summary>Sends nothing at all for so long from now.</summary>
    public void Stall(TimeSpan length) =>
        Interlocked.Exchange(ref _stalledUntil, Stopwatch.GetTimestamp() + (long)(length.TotalSeconds * Stopwatch.Frequency));

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _stop.Dispose();
    }

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
                    if (BodyOf(buffer.AsSpan(0, length)) is { } body)
                    {
                        await AnswerAsync(socket, Stopwatch.GetTimestamp(), body);
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

    private async Task AnswerAsync(Socket socket, long received, string body)
    {
        using var document = JsonDocument.Parse(body);
        var number = int.Parse(document.RootElement.GetProperty("messages")[0].GetProperty("content").GetString()!, CultureInfo.InvariantCulture);
        var (wait, gap, tokens) = _pace(number);
        await StalledAsync();
        var headers = Since(received);
        await SendAsync(socket, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
        var due = wait;
        double first = 0;
        for (var token = 0; token < tokens; token++, due += gap)
        {
            var left = due - Stopwatch.GetElapsedTime(received);
            if (left > TimeSpan.Zero)
            {
                await Task.Delay(left, _stop.Token);
            }

            await StalledAsync();
            first = token == 0 ? Since(received) : first;
            await SendEventAsync(socket, """{"id":"r","model":"m","choices":[{"index":0,"delta":{"content":"word "},"finish_reason":null}]}""");
        }

        await SendEventAsync(socket, """{"id":"r","model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""");
        await SendEventAsync(socket, $$$"""{"id":"r","model":"m","choices":[],"usage":{"prompt_tokens":1,"completion_tokens":{{{tokens}}},"total_tokens":{{{tokens + 1}}}}}""");
        var end = Since(received);
        await SendAsync(socket, "e\r\ndata: [DONE]\n\n\r\n0\r\n\r\n");
        Calls[number] = new PacedCall(headers, first, end, tokens);

        static double Since(long from) => Stopwatch.GetElapsedTime(from).TotalSeconds;
    }

    private async Task StalledAsync()
    {
        while (Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), Interlocked.Read(ref _stalledUntil)) is var left && left > TimeSpan.Zero)
        {
            await Task.Delay(left + TimeSpan.FromMilliseconds(1), _stop.Token);
        }
    }

    private Task SendEventAsync(Socket socket, string data)
    {
        var text = $"data: {data}\n\n";
        return SendAsync(socket, $"{text.Length:x}\r\n{text}\r\n");
    }

    private async Task SendAsync(Socket socket, string text) => await socket.SendAsync(Encoding.ASCII.GetBytes(text), _stop.Token);

    private static string? BodyOf(ReadOnlySpan<byte> request)
    {
        var head = request.IndexOf("\r\n\r\n"u8);
        var at = request.IndexOf("Content-Length: "u8);
        return head >= 0 && at >= 0
            && System.Buffers.Text.Utf8Parser.TryParse(request[(at + 16)..], out int length, out _) && request.Length >= head + 4 + length
            ? Encoding.UTF8.GetString(request.Slice(head + 4, length))
            : null;
    }
}
