using System.Diagnostics.CodeAnalysis;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using AgentOps.Engine.Permissions;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Tools.Schemas;

namespace AgentOps.Engine.Tools.Http;

/// <summary>
/// One call of an Http tool as requests: the address with its arguments, and what goes with it. Credentials and arguments in header
/// fields are sent to the first address's origin alone, wherever it redirects to.
/// </summary>
internal sealed class HttpCall
{
    private static readonly string[] OwnFields =
    [
        "host", "content-length", "content-type", "transfer-encoding", "connection", "keep-alive", "te", "trailer", "upgrade", "expect",
        "proxy-authorization", "cookie", "agentops-agent", "user-agent",
    ];

    private readonly ToolInvocation _invocation;
    private readonly HttpToolSettings _settings;
    private readonly List<(string Name, string Value)> _ownHeaders = [];
    private readonly string _ownQuery = string.Empty;
    private readonly string? _body;

    private HttpCall(ToolInvocation invocation, HttpToolSettings settings, Uri address, IReadOnlyList<(HttpCredential Credential, string Secret)> secrets)
    {
        _invocation = invocation;
        _settings = settings;
        Address = address;
        foreach (var (credential, secret) in secrets)
        {
            if (credential.Place == HttpPartPlace.Header)
            {
                _ownHeaders.Add((credential.Name, credential.Spell(secret)));
            }
            else
            {
                _ownQuery += $"&{Uri.EscapeDataString(credential.Name)}={Uri.EscapeDataString(credential.Spell(secret))}";
            }
        }

        foreach (var part in settings.Parts.Where(part => part.Place == HttpPartPlace.Header))
        {
            if (invocation.Arguments.TryGet(part.Parameter, out var value))
            {
                _ownHeaders.Add((part.Name, ArgumentTemplate.Text(value)));
            }
        }

        _body = Body();
    }

    /// <summary>The address with its arguments, without credentials.</summary>
    public Uri Address { get; }

    /// <summary>Whether arguments may be sent in a header field of that name: none that says who speaks, or where a message ends.</summary>
    public static bool IsOwnField(string name) => Array.Exists(OwnFields, own => own.Equals(name, StringComparison.OrdinalIgnoreCase))
        || name.StartsWith("x-forwarded-", StringComparison.OrdinalIgnoreCase);

    /// <summary>Makes a call of bound arguments.</summary>
    /// <exception cref="Errors.AgentOpsException"><c>SecretNotFound</c>.</exception>
    /// <exception cref="FormatException">The arguments give no usable request; the message says why.</exception>
    public static async ValueTask<HttpCall> CreateAsync(ToolInvocation invocation, ISecretResolver secrets, CancellationToken cancellationToken)
    {
        var settings = HttpToolSettings.FromJson(invocation.Tool.Settings);
        if (!TryAddress(settings, invocation.Arguments, out var address))
        {
            throw new FormatException($"The tool '{invocation.Tool.Name}' has no usable address for these arguments.");
        }

        var resolved = new List<(HttpCredential, string)>(settings.Credentials.Count);
        foreach (var credential in settings.Credentials)
        {
            resolved.Add((credential, await secrets.ResolveAsync(credential.Secret, cancellationToken)));
        }

        var call = new HttpCall(invocation, settings, address, resolved);
        return call._ownHeaders.TrueForAll(header => !header.Value.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            ? call
            : throw new FormatException($"An argument of '{invocation.Tool.Name}' can't be sent in a header field: plain ASCII is due.");
    }

    /// <summary>Whether an address is of the origin that was asked for: scheme, host and port.</summary>
    public bool IsOwn(Uri uri) => Uri.Compare(uri, Address, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) == 0;

    /// <summary>The request to an address: the first, or one that it redirects to.</summary>
    public HttpRequestMessage Request(Uri uri)
    {
        var isOwn = IsOwn(uri);
        var request = new HttpRequestMessage(new HttpMethod(_settings.Method), isOwn && _ownQuery.Length > 0 ? WithQuery(uri, _ownQuery) : uri);
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("AgentOps", "1"));
        request.Headers.TryAddWithoutValidation("AgentOps-Agent", _invocation.Agent);
        request.Headers.TryAddWithoutValidation("Accept", _settings.Headers.GetValueOrDefault("Accept", "application/json, */*;q=0.8"));
        foreach (var (name, value) in _settings.Headers.Where(header => !header.Key.Equals("Accept", StringComparison.OrdinalIgnoreCase)))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        foreach (var (name, value) in isOwn ? _ownHeaders : [])
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (_body is not null)
        {
            request.Content = new StringContent(_body, Encoding.UTF8, new MediaTypeHeaderValue(_settings.ContentType, "utf-8"));
        }

        return request;
    }

    /// <summary>
    /// Fills the address. In its path no argument may be empty or hold a segment of dots, escaped or not: it would lead to another operation,
    /// here or at a server that unescapes before it routes.
    /// </summary>
    private static bool TryAddress(HttpToolSettings settings, BoundArguments arguments, [NotNullWhen(true)] out Uri? address)
    {
        address = null;
        var parts = settings.UriTemplate.Split('?', 2);
        var isPlain = true;
        var path = ArgumentTemplate.Fill(parts[0], arguments, value =>
        {
            isPlain &= value.Length > 0 && !value.Split('/', '\\').Any(segment => segment is "." or "..");
            return Uri.EscapeDataString(value);
        });
        var query = parts.Length == 1 ? string.Empty : ArgumentTemplate.Fill(parts[1], arguments, Uri.EscapeDataString);
        if (path is null || query is null || !isPlain || path.Split('#')[0].Split('/').Any(segment => segment is "." or ".."))
        {
            return false;
        }

        foreach (var part in settings.Parts.Where(part => part.Place == HttpPartPlace.Query))
        {
            if (arguments.TryGet(part.Parameter, out var value))
            {
                query += Query(part, value);
            }
        }

        return Uri.TryCreate(query.Length == 0 ? path : $"{path}?{query.TrimStart('&')}", UriKind.Absolute, out address)
            && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps);
    }

    private static string Query(HttpPart part, ArgumentValue value)
    {
        var name = Uri.EscapeDataString(part.Name);
        if (value.Kind != ArgumentValueKind.Array)
        {
            return $"&{name}={Uri.EscapeDataString(ArgumentTemplate.Text(value))}";
        }

        var items = value.AsArray().ToArray().Select(item => Uri.EscapeDataString(ArgumentTemplate.Text(item)));
        return part.Separator is null ? string.Concat(items.Select(item => $"&{name}={item}")) : $"&{name}={string.Join(Uri.EscapeDataString(part.Separator), items)}";
    }

    private string? Body()
    {
        JsonNode? body = _settings.NeedsBody ? new JsonObject() : null;
        foreach (var part in _settings.Parts.Where(part => part.Place is HttpPartPlace.Member or HttpPartPlace.Content))
        {
            if (!_invocation.Arguments.TryGet(part.Parameter, out var value))
            {
                continue;
            }

            if (part.Place == HttpPartPlace.Content)
            {
                return PlainArguments.Write(value)?.ToJsonString() ?? "null";
            }

            body ??= new JsonObject();
            body[part.Name] = PlainArguments.Write(value);
        }

        return body?.ToJsonString();
    }

    private static Uri WithQuery(Uri uri, string more)
    {
        var builder = new UriBuilder(uri);
        builder.Query = builder.Query.Length > 1 ? builder.Query[1..] + more : more[1..];
        return builder.Uri;
    }
}
