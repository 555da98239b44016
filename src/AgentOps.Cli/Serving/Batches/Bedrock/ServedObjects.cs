using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Xml;
using Microsoft.AspNetCore.Http;

namespace AgentOps.Cli.Serving;

/// <summary>
/// A small S3 in memory, below <c>/s3/BUCKET/KEY</c>: PutObject, GetObject, HeadObject, DeleteObject and ListObjectsV2. A bucket is
/// there with its first object. Format: https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html.
/// </summary>
internal sealed class ServedObjects
{
    private const string Root = "/s3/";
    private const string Form = "http://s3.amazonaws.com/doc/2006-03-01/";
    private const int LongestPage = 1000;

    // Without a byte order mark, which clients don't read.
    private static readonly XmlWriterSettings Xml = new() { Encoding = new UTF8Encoding(false) };

    private readonly ConcurrentDictionary<(string Bucket, string Key), byte[]> _objects = new();

    /// <summary>The object; null where there is none.</summary>
    public byte[]? Find(string bucket, string key) => _objects.GetValueOrDefault((bucket, key));

    /// <summary>Keeps an object.</summary>
    public void Put(string bucket, string key, byte[] body) => _objects[(bucket, key)] = body;

    /// <summary>Answers a request of S3; false where it is another.</summary>
    public async Task<bool> TryHandleAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "";
        if (!path.StartsWith(Root, StringComparison.Ordinal))
        {
            return false;
        }

        var parts = path[Root.Length..].Split('/', 2);
        var (bucket, key) = (parts[0], Uri.UnescapeDataString(parts.Length > 1 ? parts[1] : ""));
        await ((context.Request.Method, key.Length > 0) switch
        {
            ("PUT", true) => PutAsync(context, bucket, key),
            ("GET", true) => GetAsync(context, bucket, key, contents: true),
            ("HEAD", true) => GetAsync(context, bucket, key, contents: false),
            ("DELETE", true) => DeleteAsync(context, bucket, key),
            ("GET", false) => ListAsync(context, bucket),
            _ => FailAsync(context, 501, "NotImplemented", "No such operation is served here."),
        });
        return true;
    }

    private async Task PutAsync(HttpContext context, string bucket, string key)
    {
        if (context.Request.Headers.ContentEncoding.ToString().Contains("aws-chunked", StringComparison.Ordinal))
        {
            await FailAsync(context, 501, "NotImplemented", "Bodies in signed chunks are not served here.");
            return;
        }

        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        Put(bucket, key, body.ToArray());
        context.Response.Headers.ETag = $"\"{key.Length:x}-{body.Length:x}\"";
    }

    private async Task GetAsync(HttpContext context, string bucket, string key, bool contents)
    {
        if (Find(bucket, key) is not { } body)
        {
            await FailAsync(context, 404, "NoSuchKey", "The specified key does not exist.");
            return;
        }

        context.Response.ContentType = "binary/octet-stream";
        context.Response.ContentLength = body.Length;
        if (contents)
        {
            await context.Response.Body.WriteAsync(body, context.RequestAborted);
        }
    }

    private Task DeleteAsync(HttpContext context, string bucket, string key)
    {
        _objects.TryRemove((bucket, key), out _);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private Task ListAsync(HttpContext context, string bucket)
    {
        var query = context.Request.Query;
        var inBucket = _objects.Keys.Where(item => item.Bucket == bucket).Select(item => item.Key).ToArray();
        if (inBucket.Length == 0)
        {
            return FailAsync(context, 404, "NoSuchBucket", "The specified bucket does not exist");
        }

        var prefix = query["prefix"].ToString();
        var after = query["continuation-token"].ToString();
        var most = int.TryParse(query["max-keys"], NumberStyles.None, CultureInfo.InvariantCulture, out var asked) && asked < LongestPage ? asked : LongestPage;
        var keys = inBucket.Where(key => key.StartsWith(prefix, StringComparison.Ordinal) && string.CompareOrdinal(key, after) > 0).Order(StringComparer.Ordinal).ToArray();
        var page = keys.Take(most).ToArray();
        return WriteAsync(context, "ListBucketResult", Form, xml =>
        {
            xml.WriteElementString("Name", Form, bucket);
            xml.WriteElementString("Prefix", Form, prefix);
            xml.WriteElementString("KeyCount", Form, page.Length.ToString(CultureInfo.InvariantCulture));
            xml.WriteElementString("MaxKeys", Form, most.ToString(CultureInfo.InvariantCulture));
            xml.WriteElementString("IsTruncated", Form, page.Length < keys.Length ? "true" : "false");
            if (page.Length > 0 && page.Length < keys.Length)
            {
                xml.WriteElementString("NextContinuationToken", Form, page[^1]);
            }

            foreach (var key in page)
            {
                xml.WriteStartElement("Contents", Form);
                xml.WriteElementString("Key", Form, key);
                xml.WriteElementString("Size", Form, (Find(bucket, key)?.Length ?? 0).ToString(CultureInfo.InvariantCulture));
                xml.WriteEndElement();
            }
        });
    }

    private static Task FailAsync(HttpContext context, int status, string code, string message)
    {
        context.Response.StatusCode = status;
        return context.Request.Method == "HEAD" ? Task.CompletedTask : WriteAsync(context, "Error", "", xml =>
        {
            xml.WriteElementString("Code", code);
            xml.WriteElementString("Message", message);
        });
    }

    private static async Task WriteAsync(HttpContext context, string root, string form, Action<XmlWriter> write)
    {
        using var body = new MemoryStream();
        using (var xml = XmlWriter.Create(body, Xml))
        {
            xml.WriteStartElement(root, form);
            write(xml);
            xml.WriteEndElement();
        }

        context.Response.ContentType = "application/xml";
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body.ToArray(), context.RequestAborted);
    }
}
