using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;

namespace AgentOps.Benchmarks.Areas.Endpoints;

/// <summary>
/// A server of OpenAI's protocol on the loopback with delays of its own choosing, which writes down when it really sent what. The
/// prompt is the call's number; its delays follow from that.
/// </summary>
internal sealed class PacedServer : LoopbackServer
{
    private readonly Func<int, (TimeSpan First, TimeSpan Gap, int Tokens)> _pace;
    private long _stalledUntil;

    public PacedServer(Func<int, (TimeSpan First, TimeSpan Gap, int Tokens)> pace)
    {
        _pace = pace;
        Start();
    }

    /// <summary>Where its protocol is spoken.</summary>
    public Uri Endpoint => new(Uri, "/v1");

    /// <summary>The last call of each number.</summary>
    public ConcurrentDictionary<int, PacedCall> Calls { get; } = new();

    /// <summary>Sends nothing at all for so long from now.</summary>
    public void Stall(TimeSpan length) =>
        Interlocked.Exchange(ref _stalledUntil, Stopwatch.GetTimestamp() + (long)(length.TotalSeconds * Stopwatch.Frequency));

    protected override async Task AnswerAsync(Socket socket, long received, ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body);
        var number = int.Parse(document.RootElement.GetProperty("messages")[0].GetProperty("content").GetString()!, CultureInfo.InvariantCulture);
        var (wait, gap, tokens) = _pace(number);
        await StalledAsync();
        var headers = Since(received);
        await BeginEventsAsync(socket);
        var due = wait;
        double first = 0;
        for (var token = 0; token < tokens; token++, due += gap)
        {
            var left = due - Stopwatch.GetElapsedTime(received);
            if (left > TimeSpan.Zero)
            {
                await Task.Delay(left, Stopped);
            }

            await StalledAsync();
            first = token == 0 ? Since(received) : first;
            await SendEventAsync(socket, """{"id":"r","model":"m","choices":[{"index":0,"delta":{"content":"word "},"finish_reason":null}]}""");
        }

        await SendEventAsync(socket, """{"id":"r","model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""");
        await SendEventAsync(socket, $$$"""{"id":"r","model":"m","choices":[],"usage":{"prompt_tokens":1,"completion_tokens":{{{tokens}}},"total_tokens":{{{tokens + 1}}}}}""");
        var end = Since(received);
        await EndEventsAsync(socket);
        Calls[number] = new PacedCall(headers, first, end, tokens);

        static double Since(long from) => Stopwatch.GetElapsedTime(from).TotalSeconds;
    }

    private async Task StalledAsync()
    {
        while (Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), Interlocked.Read(ref _stalledUntil)) is var left && left > TimeSpan.Zero)
        {
            await Task.Delay(left + TimeSpan.FromMilliseconds(1), Stopped);
        }
    }
}
