using System.Net.Http.Headers;
using System.Text.Json;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Providers;

namespace AgentOps.Engine.Benchmarks.Endpoints;

/// <summary>A server of OpenAI's protocol that is known by its address alone, outside of any workspace.</summary>
public static class EndpointAddress
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>Makes a target of an address. Without a model the server is asked which it has, and the first is taken.</summary>
    /// <param name="factory">Owns the connections.</param>
    /// <param name="uri">The base address, with or without <c>/v1</c>.</param>
    /// <param name="model">The model; null: the server's first.</param>
    /// <param name="secret">A reference to the key, such as <c>env:NAME</c>; null: none is sent.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="AgentOpsException">The address is no HTTP address; the server names no model.</exception>
    public static async Task<EndpointTarget> OpenAsync(ProviderFactory factory, Uri uri, string? model, string? secret, CancellationToken ct)
    {
        if (!uri.IsAbsoluteUri || uri.Scheme is not ("http" or "https") || uri.UserInfo.Length > 0)
        {
            throw new AgentOpsException(ErrorCodes.BenchmarkInvalid,
                "The address is no absolute http or https address without a user name in it.", null, "Give an address such as http://localhost:8000/v1.");
        }

        var root = uri.GetLeftPart(UriPartial.Path).TrimEnd('/');
        if (uri.AbsolutePath == "/")
        {
            root += "/v1";
        }

        model ??= await FirstModelAsync(root, secret, ct).ConfigureAwait(false);
        var provider = factory.Create(new ProviderDefinition { Name = uri.Authority, Kind = ProviderKinds.OpenAI, Uri = new Uri(root), Secret = secret });
        return new EndpointTarget($"{uri.Authority}/{model}", provider, model);
    }

    private static async Task<string> FirstModelAsync(string root, string? secret, CancellationToken ct)
    {
        string why;
        try
        {
            using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { Timeout = Patience };
            using var request = new HttpRequestMessage(HttpMethod.Get, root + "/models");
            if (secret is not null)
            {
                var key = await new EnvironmentSecretResolver().ResolveAsync(secret, ct).ConfigureAwait(false);
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key.Trim());
            }

            using var response = await client.SendAsync(request, ct).ConfigureAwait(false);
            if (response.IsSuccessStatusCode)
            {
                using var document = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(ct).ConfigureAwait(false));
                if (document.RootElement.Items("data").Select(item => item.Text("id")).FirstOrDefault(id => !string.IsNullOrEmpty(id)) is { } first)
                {
                    return first;
                }

                why = "it lists none";
            }
            else
            {
                why = $"it answers {(int)response.StatusCode}";
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException || (exception is OperationCanceledException && !ct.IsCancellationRequested))
        {
            why = exception is JsonException ? "its list can't be read" : exception is OperationCanceledException ? "it does not answer" : "it can't be reached";
        }

        throw new AgentOpsException(ErrorCodes.BenchmarkInvalid, $"'{root}/models' does not tell a model: {why}.", root,
            "Check the address, or name the model with -Model.");
    }
}
