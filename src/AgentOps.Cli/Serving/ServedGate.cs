using System.Security.Cryptography;
using System.Text;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Providers;
using AgentOps.Engine.Routing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace AgentOps.Cli.Serving;

/// <summary>Who may call, and what a call says of itself in its headers.</summary>
internal sealed class ServedGate
{
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

    /// <summary>Makes a gate.</summary>
    /// <param name="key">The key that callers must know; null: none, and nobody who comes from a web page is let in.</param>
    /// <param name="dataClass">The class of calls that name none; null: what a prompt without a label is.</param>
    public ServedGate(string? key, string? dataClass)
    {
        _key = key is null ? null : Hash(key);
        _dataClass = dataClass;
    }

    /// <summary>Why a caller is not let in; null when it is.</summary>
    public ProviderFault? Refusal(HttpRequest request)
    {
        if (_key is null)
        {
            // Any page that a browser on this machine shows can send requests here; browsers say so.
            return StringValues.IsNullOrEmpty(request.Headers.Origin)
                ? null
                : Denied("Web pages are served only by a server that demands a key (--api-key-variable).");
        }

        var isKnown = false;
        var isGiven = false;
        foreach (var given in Keys(request))
        {
            isGiven = true;
            isKnown |= CryptographicOperations.FixedTimeEquals(Hash(given), _key);
        }

        return isKnown ? null : Denied(isGiven ? "The API key is not the one that this server demands." : "This server demands an API key, and the call has none.");
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
