using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Identity;
using AgentOps.Engine.Providers;

namespace AgentOps.Engine.Tools.Http;

/// <summary>
/// Runs Http tools: a request made from a template. The host must be granted (<c>net:HOST</c>), again after every redirect, and
/// its address is judged after name resolution.
/// </summary>
public sealed class HttpToolExecutor : IToolExecutor, IDisposable
{
    private const int MaxRedirects = 5;
    private readonly ISecretResolver _secrets;
    private readonly HttpClient _publicClient = CreateClient(allowPrivate: false);
    private readonly HttpClient _privateClient = CreateClient(allowPrivate: true);

    /// <summary>Makes one.</summary>
    /// <param name="secrets">Resolves the credentials that tools send.</param>
    public HttpToolExecutor(ISecretResolver secrets) => _secrets = secrets;

    /// <inheritdoc/>
    public ToolKind Kind => ToolKind.Http;

    /// <inheritdoc/>
    public string Isolation => "in process; granted hosts only, addresses checked after resolution";

    /// <inheritdoc/>
    public bool NeedsFolder => false;

    /// <inheritdoc/>
    public async ValueTask<ToolOutcome> ExecuteAsync(ToolInvocation invocation, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(invocation.Tool.Timeout);
        HttpCall? call = null;
        try
        {
            call = await HttpCall.CreateAsync(invocation, _secrets, limit.Token);
            return await SendAsync(invocation, call, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ToolOutcome.TimedOut(invocation.Tool.Timeout);
        }
        catch (Exception fault) when (fault is FormatException or AgentOpsException)
        {
            return new ToolOutcome(false, fault.Message);
        }
        catch (HttpRequestException fault)
        {
            // Once the connection stood, the request may have had its effect.
            var isSent = fault.HttpRequestError is not (HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError);
            return Broken(call!, fault.InnerException as HttpRequestException ?? fault, isSent);
        }
        catch (IOException fault)
        {
            return Broken(call!, fault, isSent: true);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _publicClient.Dispose();
        _privateClient.Dispose();
    }

    /// <summary>What all requests of tools go through: no proxy, no cookies, no redirect that is not judged, addresses judged after resolution.</summary>
    internal static SocketsHttpHandler CreateHandler(bool allowPrivate) => new()
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        ConnectCallback = (context, cancellationToken) => AddressGuard.ConnectAsync(context.DnsEndPoint, allowPrivate, cancellationToken),
    };

    private static HttpClient CreateClient(bool allowPrivate) => new(CreateHandler(allowPrivate)) { Timeout = Timeout.InfiniteTimeSpan };

    private async Task<ToolOutcome> SendAsync(ToolInvocation invocation, HttpCall call, CancellationToken cancellationToken)
    {
        var client = invocation.Tool.Settings.Flag("allowPrivateNetwork") ? _privateClient : _publicClient;
        var identity = IdentitySettings.FromJson(invocation.Tool.Settings);
        var uri = call.Address;
        for (var redirects = 0; ; redirects++)
        {
            if (!invocation.IsHostGranted(HostOf(uri)))
            {
                return new ToolOutcome(false, $"The host '{HostOf(uri)}' is not granted to the agent (net:{HostOf(uri)}).");
            }

            using var request = call.Request(uri);
            if (identity.IsSent && call.IsOwn(uri))
            {
                var (token, refusal) = IdentitySettings.IsSafe(uri)
                    ? await invocation.Identify(HostOf(uri), identity.AudienceOf(uri), cancellationToken)
                    : new Credential(null, $"The tool '{invocation.Tool.Name}' says who calls, and '{uri.Host}' is not reached over https.");
                if (token is null)
                {
                    return new ToolOutcome(false, refusal!);
                }

                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            }

            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (IsRedirect(response) && response.Headers.Location is { } location)
            {
                if (redirects == MaxRedirects || request.Method != HttpMethod.Get || !Uri.TryCreate(uri, location, out var next) || next.Scheme is not ("http" or "https"))
                {
                    return new ToolOutcome(false, $"The server redirects to '{location}', which is not followed here.");
                }

                uri = next;
                continue;
            }

            var (content, isCut) = await ReadAsync(response.Content, invocation.Tool.MaxOutputBytes, cancellationToken);
            return response.IsSuccessStatusCode
                ? new ToolOutcome(true, content, isCut, IsUntrusted: true)
                : new ToolOutcome(false, string.Create(CultureInfo.InvariantCulture, $"HTTP status {(int)response.StatusCode}. {content}"), isCut, IsUntrusted: true);
        }
    }

    private static ToolOutcome Broken(HttpCall call, Exception fault, bool isSent) =>
        new(false, $"The request to '{call.Address.Host}' failed: {fault.Message}", IsUnknown: isSent);

    /// <summary>The host in the one spelling that permissions know: a name in ASCII, or an address, IPv4 where it stands for one.</summary>
    private static string HostOf(Uri uri) => !IPAddress.TryParse(uri.IdnHost, out var address) ? uri.IdnHost
        : address.IsIPv4MappedToIPv6 ? address.MapToIPv4().ToString()
        : address.ToString();

    private static bool IsRedirect(HttpResponseMessage response) => response.StatusCode
        is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
        or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;

    private static async Task<(string Text, bool IsCut)> ReadAsync(HttpContent content, int limit, CancellationToken cancellationToken)
    {
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[limit + 1];
        var count = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return (Encoding.UTF8.GetString(buffer, 0, Math.Min(count, limit)), count > limit);
    }
}
