using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace AgentOps.Engine.Tools.Http;

/// <summary>
/// Runs Http tools: a request made from a template. The host must be granted (<c>net:HOST</c>), again after every redirect, and
/// its address is judged after name resolution.
/// </summary>
public sealed class HttpToolExecutor : IToolExecutor, IDisposable
{
    private const int MaxRedirects = 5;
    private readonly HttpClient _publicClient = CreateClient(allowPrivate: false);
    private readonly HttpClient _privateClient = CreateClient(allowPrivate: true);

    /// <inheritdoc/>
    public ToolKind Kind => ToolKind.Http;

    /// <inheritdoc/>
    public string Isolation => "in process; granted hosts only, addresses checked after resolution";

    /// <inheritdoc/>
    public bool NeedsFolder => false;

    /// <inheritdoc/>
    public async ValueTask<ToolOutcome> ExecuteAsync(ToolInvocation invocation, CancellationToken cancellationToken)
    {
        var settings = HttpToolSettings.FromJson(invocation.Tool.Settings);
        if (ArgumentTemplate.Fill(settings.UriTemplate, invocation.Arguments, Uri.EscapeDataString) is not { } address
            || !Uri.TryCreate(address, UriKind.Absolute, out var uri)
            || HasDotSegment(address)
            || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps))
        {
            return new ToolOutcome(false, $"The tool '{invocation.Tool.Name}' has no usable address for these arguments.");
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(invocation.Tool.Timeout);
        try
        {
            return await SendAsync(invocation, settings, uri, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ToolOutcome.TimedOut(invocation.Tool.Timeout);
        }
        catch (HttpRequestException fault)
        {
            return new ToolOutcome(false, $"The request to '{uri.Host}' failed: {(fault.InnerException as HttpRequestException ?? fault).Message}");
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

    private async Task<ToolOutcome> SendAsync(ToolInvocation invocation, HttpToolSettings settings, Uri uri, CancellationToken cancellationToken)
    {
        var client = settings.AllowPrivateNetwork ? _privateClient : _publicClient;
        var method = new HttpMethod(settings.Method);
        for (var redirects = 0; ; redirects++)
        {
            if (!invocation.IsHostGranted(HostOf(uri)))
            {
                return new ToolOutcome(false, $"The host '{HostOf(uri)}' is not granted to the agent (net:{HostOf(uri)}).");
            }

            using var request = CreateRequest(invocation, settings, method, uri);
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (IsRedirect(response) && response.Headers.Location is { } location)
            {
                if (redirects == MaxRedirects || method != HttpMethod.Get)
                {
                    return new ToolOutcome(false, $"The server redirects to '{location}', which is not followed here.");
                }

                uri = new Uri(uri, location);
                continue;
            }

            var (content, isCut) = await ReadAsync(response.Content, invocation.Tool.MaxOutputBytes, cancellationToken);
            return response.IsSuccessStatusCode
                ? new ToolOutcome(true, content, isCut, IsUntrusted: true)
                : new ToolOutcome(false, string.Create(CultureInfo.InvariantCulture, $"HTTP status {(int)response.StatusCode}. {content}"), isCut, IsUntrusted: true);
        }
    }

    private static HttpRequestMessage CreateRequest(ToolInvocation invocation, HttpToolSettings settings, HttpMethod method, Uri uri)
    {
        var request = new HttpRequestMessage(method, uri);
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("AgentOps", "1"));
        request.Headers.TryAddWithoutValidation("AgentOps-Agent", invocation.Agent);
        foreach (var (name, value) in settings.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (settings.BodyParameters.Count > 0)
        {
            var body = new JsonObject();
            var all = invocation.Arguments.ToJson();
            foreach (var name in settings.BodyParameters)
            {
                if (all[name] is { } value)
                {
                    body[name] = value.DeepClone();
                }
            }

            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        }

        return request;
    }

    /// <summary>The host in the one spelling that permissions know: a name in ASCII, or an address, IPv4 where it stands for one.</summary>
    private static string HostOf(Uri uri) => !IPAddress.TryParse(uri.IdnHost, out var address) ? uri.IdnHost
        : address.IsIPv4MappedToIPv6 ? address.MapToIPv4().ToString()
        : address.ToString();

    /// <summary>Whether a path has a segment of dots: an argument in its place would lead to another operation, and dots can't be escaped.</summary>
    private static bool HasDotSegment(string address) =>
        address.Split('?', '#')[0].Split('/').Any(segment => segment is "." or "..");

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
