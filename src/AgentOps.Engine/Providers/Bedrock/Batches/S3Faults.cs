using System.Xml;
using System.Xml.Linq;
using AgentOps.Engine.Providers.Http;

namespace AgentOps.Engine.Providers.Bedrock;

/// <summary>Reads S3's errors: XML. Format: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html.</summary>
internal static class S3Faults
{
    /// <summary>A response without success.</summary>
    public static ProviderFault Read(FailedResponse response)
    {
        var error = TryParse(response.Body);
        var code = error?.Element("Code")?.Value;
        var detail = FaultText.Of(error?.Element("Message")?.Value, response.Body);
        return new ProviderFault(code == "SlowDown" ? FaultKind.RateLimited : FaultText.KindOf(response.Status), response.Provider, code is null ? $"S3: {detail}" : $"S3, {code}: {detail}")
        {
            Status = response.Status,
            VendorCode = code,
            RetryAfter = RetryAdvice.Read(response.Headers, response.Now),
        };
    }

    private static XElement? TryParse(string body)
    {
        try
        {
            return XElement.Parse(body);
        }
        catch (XmlException)
        {
            return null;
        }
    }
}
