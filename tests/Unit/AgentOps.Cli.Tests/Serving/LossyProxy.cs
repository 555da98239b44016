using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AgentOps.Cli.Tests.Serving;

/// <summary>
/// Stands between a client and a server on the loopback, and loses what it is told to lose of the one call that begins with a given
/// request line. All other calls pass. At most 100 connections.
/// </summary>
internal sealed class LossyProxy : IDisposable
{
    private const int MaximumConnections = 100;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Uri _server;

    public LossyProxy(string server)
    {
        _server = new Uri(server);
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>How a call is lost.</summary>
    public enum Loss
    {
        /// <summary>It is not.</summary>
        None,

        /// <summary>The server gets the request, and the connection breaks before the client gets the answer.</summary>
        Answer,

        /// <summary>The server gets the request, and the client waits for the answer for ever.</summary>
        AnswerInSilence,

        /// <summary>The connection breaks before the server gets the request.</summary>
        Request,
    }

    public string Address => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>What becomes of calls whose request line begins with <see cref="Call"/>.</summary>
    public Loss Mode { get; set; }

    /// <summary>The beginning of a request line; empty for every call.</summary>
    public string Call { get; set; } = "";

    /// <summary>Ends when something was lost.</summary>
    public Task Lost => _lost.Task;

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
            for (var count = 0; count < MaximumConnections; count++)
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        using (var server = new TcpClient())
        using (var over = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token))
        {
            try
            {
                await server.ConnectAsync(_server.Host, _server.Port, over.Token);
                var loss = new StrongBox();
                var up = PumpAsync(client.GetStream(), server.GetStream(), loss, isRequest: true, over.Token);
                var down = PumpAsync(server.GetStream(), client.GetStream(), loss, isRequest: false, over.Token);
                await await Task.WhenAny(up, down);
                await over.CancelAsync();
            }
            catch (Exception exception) when (exception is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
            {
                // One side left, or the test is over.
            }
        }
    }

    // A client writes the head of a request at once, and one request after the other.
    private async Task PumpAsync(NetworkStream from, NetworkStream to, StrongBox loss, bool isRequest, CancellationToken ct)
    {
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = await from.ReadAsync(buffer, ct)) > 0)
        {
            if (isRequest && Mode != Loss.None && Encoding.ASCII.GetString(buffer, 0, read).StartsWith(Call, StringComparison.Ordinal))
            {
                loss.Value = Mode;
            }

            switch (loss.Value)
            {
                case Loss.Request:
                case Loss.Answer when !isRequest:
                    _lost.TrySetResult();
                    return;
                case Loss.AnswerInSilence when !isRequest:
                    _lost.TrySetResult();
                    await Task.Delay(Timeout.Infinite, ct);
                    break;
            }

            await to.WriteAsync(buffer.AsMemory(0, read), ct);
        }
    }

    private sealed class StrongBox
    {
        public volatile Loss Value;
    }
}
