using System.Net.Http.Headers;
using System.Xml;
using System.Xml.Linq;
using AgentOps.Engine.Providers.Http;

namespace AgentOps.Engine.Providers.Bedrock;

/// <summary>
/// The three operations of S3 that batches need: PutObject, GetObject and ListObjectsV2. Format:
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html.
/// </summary>
/// <param name="connection">The way there.</param>
/// <param name="root">The bucket's address.</param>
/// <param name="region">Where it lies.</param>
/// <param name="time">Signatures bear the time.</param>
internal sealed class S3Store(VendorConnection connection, string root, string region, TimeProvider time)
{
    private static readonly XNamespace Form = "http://s3.amazonaws.com/doc/2006-03-01/";

    private readonly SignatureV4 _signature = new(region, "s3");

    /// <summary>Keeps an object whole, in place of one of that key.</summary>
    /// <exception cref="ProviderFaultException">It is not kept.</exception>
    public Task<bool> PutAsync(string key, byte[] body, CancellationToken ct) => connection.ExchangeAsync(
        secret =>
        {
            var content = new ByteArrayContent(body);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
            return Signed(HttpMethod.Put, AddressOf(key), secret, content, body);
        },
        static (_, _) => Task.FromResult(true),
        ct);

    /// <summary>Reads an object.</summary>
    /// <exception cref="ProviderFaultException">It did not come whole.</exception>
    public Task<T> GetAsync<T>(string key, Func<Stream, CancellationToken, Task<T>> read, CancellationToken ct) =>
        connection.ExchangeAsync(secret => Signed(HttpMethod.Get, AddressOf(key), secret, null, []), read, ct);

    /// <summary>All keys that begin so, in order.</summary>
    /// <exception cref="ProviderFaultException">The list did not come.</exception>
    public async Task<IReadOnlyList<string>> ListAsync(string prefix, CancellationToken ct)
    {
        var keys = new List<string>();
        string? next = null;
        do
        {
            var query = $"{(next is null ? "" : $"continuation-token={Uri.EscapeDataString(next)}&")}list-type=2&prefix={Uri.EscapeDataString(prefix)}";
            var page = await connection.ExchangeAsync(secret => Signed(HttpMethod.Get, $"{root}/?{query}", secret, null, []), ReadPageAsync, ct).ConfigureAwait(false);
            keys.AddRange(page.Keys);
            next = page.Next;
        }
        while (next is not null);
        return keys;
    }

    private static async Task<(IReadOnlyList<string> Keys, string? Next)> ReadPageAsync(Stream body, CancellationToken ct)
    {
        try
        {
            var page = await XElement.LoadAsync(body, LoadOptions.None, ct).ConfigureAwait(false);
            return (
                [.. page.Elements(Form + "Contents").Select(item => item.Element(Form + "Key")?.Value ?? throw new InvalidDataException("An object has no key."))],
                page.Element(Form + "IsTruncated")?.Value == "true" ? page.Element(Form + "NextContinuationToken")?.Value : null);
        }
        catch (XmlException exception)
        {
            throw new InvalidDataException(exception.Message, exception);
        }
    }

    private string AddressOf(string key) => $"{root}/{string.Join('/', key.Split('/').Select(Uri.EscapeDataString))}";

    private HttpRequestMessage Signed(HttpMethod method, string address, string? secret, HttpContent? content, byte[] body)
    {
        var message = new HttpRequestMessage(method, address) { Content = content };
        if (BedrockBatches.KeysOf(secret, connection.Name) is { } keys)
        {
            _signature.Sign(message, body, keys, time.GetUtcNow());
        }

        return message;
    }
}
