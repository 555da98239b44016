using System.Globalization;
using System.Text.Json;
using AgentOps.Engine.Providers;
using Microsoft.AspNetCore.Http;

namespace AgentOps.Cli.Serving;

/// <summary>What the answers of all vendors' batches share.</summary>
internal static class BatchResponse
{
    /// <summary>Batches that are kept at most: they stay until the server ends.</summary>
    public const int MaximumBatches = 1000;

    /// <summary>Answers with JSON.</summary>
    public static async Task WriteAsync(HttpContext context, Action<Utf8JsonWriter> write)
    {
        context.Response.ContentType = "application/json";
        await using (var json = new Utf8JsonWriter(context.Response.BodyWriter))
        {
            write(json);
        }

        await context.Response.BodyWriter.FlushAsync();
    }

    /// <summary>Answers with an object without members.</summary>
    public static Task WriteEmptyAsync(HttpContext context) => WriteAsync(context, static json =>
    {
        json.WriteStartObject();
        json.WriteEndObject();
    });

    /// <summary>A time as the vendors write it (RFC 3339), to the second.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Answers with a status and the vendor's form of a fault.</summary>
    public static Task FailAsync(HttpContext context, int status, string message, Action<Utf8JsonWriter, ProviderFault> write)
    {
        context.Response.StatusCode = status;
        return WriteAsync(context, json => write(json, FaultOf(status, message)));
    }

    /// <summary>What a status means.</summary>
    public static ProviderFault FaultOf(int status, string message) => new(
        status switch { 404 => FaultKind.ModelNotFound, 429 => FaultKind.RateLimited, _ => FaultKind.InvalidRequest }, "agentops", message);
}
