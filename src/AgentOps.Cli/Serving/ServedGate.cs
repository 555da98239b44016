using System.Security.Cryptography;
using System.Text;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Invocation;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Routing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace AgentOps.Cli.Serving;

/// <summary>Who may call, and what a call says of itself in its headers.</summary>
internal sealed class ServedGate
{
    /// <summary>Lets everybody in who comes from no web page.</summary>
    public static readonly ServedGate Open = new(null, null);

    /// <summary>The class of the most secret data in a call.</summary>
    public const string DataClassHeader = "X-AgentOps-Data-Class";

    /// <summary>What a call is booked under.</summary>
    public const string TaskHeader = "X-AgentOps-Task";

    /// <summary>The caller's own word for calls that belong together.</summary>
    public const string SessionHeader = "X-AgentOps-Session";

    private const int LongestLabel = 200;

    // Where the vendors' clients put their key; a bearer token is looked for apart.
    private static readonly string[] KeyHeaders = ["x-api-key", "api-key", "x-goog-api-key"];

    private readonly byte[]? _key;
    private readonly string? _dataClass;
    private readonly ServedRoute? _route;

    /// <summary>Makes a gate.</summary>
    /// <param name="key">The key that callers must know; null: none, and nobody who comes from a web page is let in.</param>
    /// <param name="dataClass">The class of calls that name none; null: what a prompt without a label is.</param>
    /// <param name="route">The workspace's route, which agents' tokens open; null: there is none.</param>
    public ServedGate(string? key, string? dataClass, ServedRoute? route = null)
    {
        _key = key is null ? null : Hash(key);
        _dataClass = dataClass;
        _route = route;
    }

    /// <summary>Lets a caller in: with an agent's token as that agent, with the key or where none is demanded as nobody in particular.</summary>
    /// <returns>The agent's session, where a token named one; or why nobody is let in.</returns>
    public async ValueTask<(ServedCaller? Caller, ProviderFault? Refusal)> AdmitAsync(HttpRequest request, CancellationToken ct)
    {
        // A credential that looks like a token is judged as one wherever tokens are taken: a spoilt token is no anonymous call.
        string[] keys = [.. Keys(request)];
        if (_key is not null && Array.Exists(keys, IsKey))
        {
            return default;
        }

        if (_route is not null && Array.Find(keys, ServedSessions.IsToken) is { } token)
        {
            return await _route.AdmitAsync(token, ct);
        }

        if (_route is { AgentsOnly: true })
        {
            return (null, Denied("This server answers agents alone: send a token of New-AgentOpsToken as the key."));
        }

        if (_key is null)
        {
            // Any page that a browser on this machine shows can send requests here; browsers say so.
            return (null, StringValues.IsNullOrEmpty(request.Headers.Origin)
                ? null
                : Denied("Web pages are served only by a server that demands a key (--api-key-variable)."));
        }

        return (null, Denied(keys.Length > 0 ? "The API key is not the one that this server demands." : "This server demands an API key, and the call has none."));
    }

    /// <summary>The request with what its headers say of it.</summary>
    /// <exception cref="AgentOpsException"><c>ProviderRequestRefused</c>: a header makes no sense.</exception>
    public ModelRequest Label(HttpRequest call, ModelRequest request)
    {
        var dataClass = Value(call, DataClassHeader)?.ToLowerInvariant() ?? _dataClass;
        return dataClass is null || DataClasses.All.Contains(dataClass)
            ? request with { DataClass = dataClass, Task = Value(call, TaskHeader), Session = Value(call, SessionHeader) }
            : throw Wire.Invalid($"The header {DataClassHeader} names no data class; it is one of {string.Join(", ", DataClasses.All)}.");
    }

    private bool IsKey(string given) => CryptographicOperations.FixedTimeEquals(Hash(given), _key);

    private static IEnumerable<string> Keys(HttpRequest request)
    {
        const string Bearer = "Bearer ";
        foreach (var value in request.Headers.Authorization)
        {
            if (value is not null && value.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
            {
                yield return value[Bearer.Length..].Trim();
            }
        }

        foreach (var value in KeyHeaders.SelectMany(header => request.Headers[header]))
        {
            yield return value ?? string.Empty;
        }
    }

    private static string? Value(HttpRequest request, string header)
    {
        var values = request.Headers[header];
        return values.Count == 0 ? null
            : values.Count == 1 && values[0] is { Length: > 0 and <= LongestLabel } value ? value
            : throw Wire.Invalid($"The header {header} has to have one value of 1 to {LongestLabel} characters.");
    }

    // Of one length, so that the comparison tells nothing of the key's own.
    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    private static ProviderFault Denied(string why) => new(FaultKind.Authentication, "agentops", why);
}
