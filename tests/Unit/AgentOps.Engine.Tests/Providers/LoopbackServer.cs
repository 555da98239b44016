using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AgentOps.Engine.Tests.Providers;

/// <summary>
/// A real HTTP server on the loopback, written to the byte, so that it can break off anywhere. Each answer serves one
/// request, in order; the last serves all further ones. At most 100 requests.
/// </summary>
internal sealed class LoopbackServer : IDisposable
{
    private const int MaximumRequests = 100;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<Received, Stream, CancellationToken, Task>[] _answers;
    private int _served;

    public LoopbackServer(params Func<Received, Stream, CancellationToken, Task>[] answers)
    {
        _answers = answers;
        _listener.Start();
        _ = AcceptAsync();
    }

    public Uri Uri => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    public ConcurrentQueue<Received> Requests { get; } = new();

    public static Func<Received, Stream, CancellationToken, Task> Answer(
        int status, string body, string type = "application/json", params string[] headers) =>
        Raw(Head(status, type, [.. headers, $"Content-Length: {Encoding.UTF8.GetByteCount(body)}"]) + body);

    /// <summary>A stream of server-sent events that ends well, as far as HTTP goes.</summary>
    public static Func<Received, Stream, CancellationToken, Task> Events(params string[] events) =>
        Raw(Head(200, "text/event-stream") + string.Concat(events.Select(line => line + "\n\n")));

    public static Func<Received, Stream, CancellationToken, Task> Data(params string[] events) =>
        Events([.. events.Select(line => "data: " + line)]);

    /// <summary>Promises more than it sends, then closes.</summary>
    public static Func<Received, Stream, CancellationToken, Task> Torn(params string[] events) =>
        Raw(Head(200, "text/event-stream", "Content-Length: 1000000") + string.Concat(events.Select(line => $"data: {line}\n\n")));

    /// <summary>Sends, then says nothing more until the client leaves.</summary>
    public static Func<Received, Stream, CancellationToken, Task> Stall(params string[] events) => async (_, stream, ct) =>
    {
        var text = Head(200, "text/event-stream") + string.Concat(events.Select(line => $"data: {line}\n\n"));
        await stream.WriteAsync(Encoding.UTF8.GetBytes(text), ct);
        await Task.Delay(TimeSpan.FromSeconds(20), ct);
    };

    public static Func<Received, Stream, CancellationToken, Task> Bytes(int status, string type, byte[] body) => async (_, stream, ct) =>
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes(Head(status, type)), ct);
        await stream.WriteAsync(body, ct);
    };

    public static Func<Received, Stream, CancellationToken, Task> Raw(string text) =>
        (_, stream, ct) => stream.WriteAsync(Encoding.UTF8.GetBytes(text), ct).AsTask();

    public static string Head(int status, string type, params string[] headers) =>
        $"HTTP/1.1 {status} X\r\nContent-Type: {type}\r\nConnection: close\r\n"
        + string.Concat(headers.Select(header => header + "\r\n")) + "\r\n";

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Stop();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (_served < MaximumRequests)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                _ = ServeAsync(client, _answers[Math.Min(_served++, _answers.Length - 1)]);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client, Func<Received, Stream, CancellationToken, Task> answer)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                var request = await ReadAsync(stream, _stop.Token);
                Requests.Enqueue(request);
                await answer(request, stream, _stop.Token);
            }
            catch (Exception exception) when (exception is OperationCanceledException or IOException or ObjectDisposedException)
            {
                // The client left, or the test is over.
            }
        }
    }

    private static async Task<Received> ReadAsync(Stream stream, CancellationToken ct)
    {
        var bytes = new List<byte>();
        var buffer = new byte[8192];
        var head = -1;
        var length = 0;
        var isChunked = false;
        while (head < 0 || (isChunked ? !bytes[^5..].SequenceEqual("0\r\n\r\n"u8.ToArray()) : bytes.Count < head + length))
        {
            var read = await stream.ReadAsync(buffer, ct);
            if (read == 0)
            {
                break;
            }

            bytes.AddRange(buffer.AsSpan(0, read));
            if (head < 0)
            {
                var text = Encoding.Latin1.GetString([.. bytes]);
                var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
                if (end >= 0)
                {
                    head = end + 4;
                    var size = text[..end].Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
                    isChunked = text[..end].Contains("Transfer-Encoding: chunked", StringComparison.OrdinalIgnoreCase);
                    length = size is null ? 0 : int.Parse(size[15..], System.Globalization.CultureInfo.InvariantCulture);
                }
            }
        }

        var all = bytes.ToArray();
        var lines = Encoding.Latin1.GetString(all, 0, head - 4).Split("\r\n");
        var headers = lines.Skip(1).Select(line => line.Split(": ", 2)).ToDictionary(
            pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
        return new Received(lines[0].Split(' ')[0], lines[0].Split(' ')[1], headers, isChunked ? Unchunk(all.AsSpan(head)) : all[head..(head + length)]);
    }

    /// <summary>The body within chunks (RFC 9112, 7.1).</summary>
    private static byte[] Unchunk(ReadOnlySpan<byte> chunks)
    {
        var body = new List<byte>();
        while (chunks.IndexOf("\r\n"u8) is var end && int.Parse(Encoding.ASCII.GetString(chunks[..end]), System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture) is > 0 and var size)
        {
            body.AddRange(chunks.Slice(end + 2, size));
            chunks = chunks[(end + 2 + size + 2)..];
        }

        return [.. body];
    }

    internal sealed record Received(string Method, string Path, IReadOnlyDictionary<string, string> Headers, byte[] Content)
    {
        public string Body => Encoding.UTF8.GetString(Content);
    }
}
