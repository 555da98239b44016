using System.Net;
using System.Text.Json;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Invocation;
using AgentOps.Engine.Providers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AgentOps.Cli.Serving;

/// <summary>The server: finds the protocol by the path, answers in it, and puts scripted faults on the wire.</summary>
internal sealed class ModelServer : IAsyncDisposable
{
    private const int MaximumBody = 64 * 1024 * 1024;

    private readonly WebApplication _application;
    private readonly IReadOnlyList<IServedBatches> _batches;

    private ModelServer(WebApplication application, IReadOnlyList<IServedBatches> batches)
    {
        _application = application;
        _batches = batches;
    }

    /// <summary>Where it listens.</summary>
    public string Address => _application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    public static async Task<ModelServer> StartAsync(ServedSource source, IPEndPoint endpoint, CancellationToken ct, ServedGate? gate = null)
    {
        gate ??= ServedGate.Open;

        // No configuration files, no logging, no TLS, no HTTP/2: Kestrel alone.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            options.Limits.MaxRequestBodySize = MaximumBody;
            options.AddServerHeader = false;
            options.Listen(endpoint);
        });
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        var application = builder.Build();
        IReadOnlyList<IServedBatches> batches =
        [
            OpenAIServedBatches.OpenAI(source), OpenAIServedBatches.Azure(source), new AnthropicServedBatches(source), new BedrockServedBatches(source), new GeminiServedBatches(source),
        ];
        application.Run(async context =>
        {
            try
            {
                var (caller, refusal) = await gate.AdmitAsync(context.Request, context.RequestAborted);
                if (refusal is not null)
                {
                    var asked = ServedProtocols.Find(context.Request.Method, context.Request.Path.Value ?? "/")?.Protocol;
                    await FailAsync(context, asked ?? ServedProtocols.OpenAI, refusal);
                    return;
                }

                // Batches kept in memory would be outside of a workspace's ledger.
                if (source.IsGoverned || !await IsBatchAsync(batches, context))
                {
                    await HandleAsync(context, source, gate, caller);
                }
            }
            catch (Exception exception) when (exception is JsonException or InvalidDataException && !context.Response.HasStarted)
            {
                context.Response.StatusCode = StatusCodes.Status400BadRequest;
            }
        });
        try
        {
            await application.StartAsync(ct);
        }
        catch (IOException exception)
        {
            Dispose(batches);
            await application.DisposeAsync();
            throw new AgentOpsException(ErrorCodes.ServeAddressInvalid, $"Can't listen on {endpoint}: {exception.Message}");
        }

        return new ModelServer(application, batches);
    }

    public async ValueTask DisposeAsync()
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        try
        {
            await _application.StopAsync(soon.Token);
        }
        catch (OperationCanceledException)
        {
            // A client held its stream open.
        }

        Dispose(_batches);
        await _application.DisposeAsync();
    }

    private static async Task<bool> IsBatchAsync(IReadOnlyList<IServedBatches> batches, HttpContext context)
    {
        foreach (var vendor in batches)
        {
            if (await vendor.TryHandleAsync(context))
            {
                return true;
            }
        }

        return false;
    }

    private static void Dispose(IReadOnlyList<IServedBatches> batches)
    {
        foreach (var vendor in batches)
        {
            vendor.Dispose();
        }
    }

    private static async Task HandleAsync(HttpContext context, ServedSource source, ServedGate gate, ServedCaller? caller)
    {
        var path = context.Request.Path.Value ?? "/";
        if (context.Request.Method == "GET" && path == "/v1/models")
        {
            await ListModelsAsync(context, source);
            return;
        }

        if (ServedProtocols.Find(context.Request.Method, path) is not { } served)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync("{\"error\":{\"message\":\"No such operation is served here. Served are /v1/chat/completions, /v1/messages, /v1beta/models/MODEL:generateContent, /model/MODEL/converse and their streams.\",\"code\":404}}");
            return;
        }

        var (protocol, model, pathStream) = served;
        ServedCall call;
        try
        {
            using var document = await JsonDocument.ParseAsync(context.Request.Body, default, context.RequestAborted);
            call = protocol.Read(document.RootElement, model, pathStream);
            call = call with { Request = gate.Label(context.Request, call.Request) };
        }
        catch (Exception exception) when (exception is JsonException or AgentOpsException)
        {
            await FailAsync(context, protocol, new ProviderFault(FaultKind.InvalidRequest, "agentops", exception.Message));
            return;
        }

        await AnswerAsync(context, source, protocol, call, caller);
    }

    /// <summary>OpenAI's list of models, which clients that know an address alone ask for.</summary>
    private static async Task ListModelsAsync(HttpContext context, ServedSource source)
    {
        context.Response.ContentType = "application/json";
        await using (var json = new Utf8JsonWriter(context.Response.BodyWriter))
        {
            json.WriteStartObject();
            json.WriteString("object", "list");
            json.WriteStartArray("data");
            json.WriteStartObject();
            json.WriteString("id", source.Model);
            json.WriteString("object", "model");
            json.WriteNumber("created", 0);
            json.WriteString("owned_by", "agentops");
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        await context.Response.BodyWriter.FlushAsync();
    }

    private static async Task AnswerAsync(HttpContext context, ServedSource source, IServedProtocol protocol, ServedCall call, ServedCaller? caller)
    {
        var ct = context.RequestAborted;
        var writer = protocol.Begin(call);
        var message = new AssistantMessageBuilder();
        try
        {
            await foreach (var modelEvent in source.AnswerAsync(call.Request, caller, ct))
            {
                message.Add(modelEvent);
                if (!call.Request.Stream)
                {
                    continue;
                }

                if (!context.Response.HasStarted)
                {
                    context.Response.ContentType = protocol.StreamType;
                    writer.Start(context.Response.BodyWriter);
                }

                writer.Write(context.Response.BodyWriter, modelEvent);
                await context.Response.BodyWriter.FlushAsync(ct);
            }

            if (!call.Request.Stream)
            {
                context.Response.ContentType = "application/json";
                writer.WriteWhole(context.Response.BodyWriter, message.Build(), message.Completed!);
                await context.Response.BodyWriter.FlushAsync(ct);
            }
        }
        catch (ProviderFaultException exception) when (!context.Response.HasStarted)
        {
            await FailAsync(context, protocol, exception.Fault);
        }
        catch (ProviderFaultException exception) when (exception.Fault.Kind == FaultKind.Interrupted)
        {
            // The server then sends what was written, and closes the connection without the body's end. A reset could overtake what came before.
            throw new IOException("The answer breaks off here.");
        }
        catch (ProviderFaultException exception)
        {
            writer.WriteFault(context.Response.BodyWriter, exception.Fault);
            await context.Response.BodyWriter.FlushAsync(ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The client left.
        }
    }

    private static async Task FailAsync(HttpContext context, IServedProtocol protocol, ProviderFault fault)
    {
        if (fault.Kind == FaultKind.Interrupted)
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = protocol.StatusOf(fault);
        context.Response.ContentType = "application/json";
        RetryHeaders.Write(context.Response.Headers, fault);
        if (context.Response.StatusCode == StatusCodes.Status401Unauthorized)
        {
            // RFC 9110, 11.6.1: a 401 names the scheme.
            context.Response.Headers.WWWAuthenticate = "Bearer";
        }

        if (fault is { Kind: FaultKind.QuotaExhausted, Provider: "agentops" })
        {
            // The vendors' clients repeat every 429 otherwise; money that is spent does not come back in a second.
            context.Response.Headers["x-should-retry"] = "false";
        }

        protocol.WriteError(context.Response, fault);
        await context.Response.BodyWriter.FlushAsync();
    }

    // The command owns Ctrl+C; the host must not take it.
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
