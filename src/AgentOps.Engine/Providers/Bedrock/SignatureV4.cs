using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AgentOps.Engine.Providers.Bedrock;

/// <summary>
/// AWS Signature Version 4 in a header, over the whole body. The SDK offers its signer only through internal namespaces together
/// with its own HTTP pipeline, so this is ours, checked by AWS's test vectors. Format:
/// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html.
/// </summary>
/// <param name="region">For example <c>us-east-1</c>.</param>
/// <param name="service">For example <c>bedrock</c>; <c>s3</c> has rules of its own.</param>
internal sealed class SignatureV4(string region, string service)
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    private readonly bool _isStorage = service == "s3";

    /// <summary>Adds the date, a session token where there is one, and the signature to the message's headers.</summary>
    /// <param name="message">Its address has its path and its query encoded once.</param>
    /// <param name="body">The body's bytes.</param>
    /// <param name="credential">The keys.</param>
    /// <param name="now">The time of signing.</param>
    public void Sign(HttpRequestMessage message, ReadOnlySpan<byte> body, AwsCredential credential, DateTimeOffset now)
    {
        var stamp = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var day = stamp[..8];
        var uri = message.RequestUri!;
        var hash = Hex(SHA256.HashData(body));
        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["host"] = uri.IsDefaultPort ? uri.IdnHost : $"{uri.IdnHost}:{uri.Port.ToString(CultureInfo.InvariantCulture)}",
            ["x-amz-date"] = stamp,
        };
        if (credential.SessionToken is not null)
        {
            headers["x-amz-security-token"] = credential.SessionToken;
        }

        if (_isStorage)
        {
            headers["x-amz-content-sha256"] = hash;
            message.Headers.TryAddWithoutValidation("x-amz-content-sha256", hash);
        }

        var signed = string.Join(';', headers.Keys);
        var canonical = new StringBuilder()
            .Append(message.Method.Method).Append('\n')
            .Append(_isStorage ? uri.AbsolutePath : CanonicalPath(uri.AbsolutePath)).Append('\n')
            .Append(CanonicalQuery(uri.Query)).Append('\n');
        foreach (var (name, value) in headers)
        {
            canonical.Append(name).Append(':').Append(value).Append('\n');
        }

        canonical.Append('\n').Append(signed).Append('\n').Append(hash);
        var scope = $"{day}/{region}/{service}/aws4_request";
        var text = $"{Algorithm}\n{stamp}\n{scope}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical.ToString())))}";
        var key = Mac(Mac(Mac(Mac(Encoding.UTF8.GetBytes("AWS4" + credential.SecretKey), day), region), service), "aws4_request");

        message.Headers.TryAddWithoutValidation("x-amz-date", stamp);
        if (credential.SessionToken is not null)
        {
            message.Headers.TryAddWithoutValidation("x-amz-security-token", credential.SessionToken);
        }

        message.Headers.TryAddWithoutValidation("Authorization",
            $"{Algorithm} Credential={credential.AccessKey}/{scope}, SignedHeaders={signed}, Signature={Hex(Mac(key, text))}");
    }

    // Every service but S3 signs the path encoded a second time: what is %3A on the wire is %253A here.
    internal static string CanonicalPath(string path) =>
        string.Join('/', path.Split('/').Select(Uri.EscapeDataString));

    // By name, and a name alone has an empty value.
    private static string CanonicalQuery(string query) => string.Join('&', query.TrimStart('?')
        .Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(part => part.Contains('=', StringComparison.Ordinal) ? part : part + "=")
        .Order(StringComparer.Ordinal));

    private static byte[] Mac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
