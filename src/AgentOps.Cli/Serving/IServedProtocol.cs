using System.Text.Json;
using AgentOps.Engine.Providers;
using Microsoft.AspNetCore.Http;

namespace AgentOps.Cli.Serving;

/// <summary>One vendor's protocol, from the server's side.</summary>
internal interface IServedProtocol
{
    /// <summary>The media type of a stream.</summary>
    string StreamType { get; }

    /// <summary>Reads a request.</summary>
    /// <param name="body">The body.</param>
    /// <param name="model">The model that the path names, if any.</param>
    /// <param name="stream">Whether the path asks for a stream; null where the body says.</param>
    ServedCall Read(JsonElement body, string? model, bool? stream);

    /// <summary>What writes the answer to a call.</summary>
    ServedAnswer Begin(ServedCall call);

    /// <summary>The HTTP status of a fault.</summary>
    int StatusOf(ProviderFault fault);

    /// <summary>Writes the body of a fault, and headers of the vendor's own.</summary>
    void WriteError(HttpResponse response, ProviderFault fault);
}
