using System.Text.RegularExpressions;

namespace AgentOps.Engine.Providers.Bedrock;

/// <summary>A place in S3.</summary>
/// <param name="Bucket">The bucket.</param>
/// <param name="Prefix">What keys begin with there: empty, or ending with a slash.</param>
internal sealed partial record S3Location(string Bucket, string Prefix)
{
    /// <summary>Reads <c>s3://BUCKET</c> or <c>s3://BUCKET/PREFIX</c>; null when it is neither.</summary>
    public static S3Location? Parse(string? text) => text is not null && Form().Match(text) is { Success: true } match
        ? new S3Location(match.Groups["bucket"].Value, match.Groups["prefix"].Value is { Length: > 0 } prefix ? prefix.Trim('/') + "/" : "")
        : null;

    /// <summary>The address of a key below this place, as Bedrock takes it.</summary>
    public string AddressOf(string key) => $"s3://{Bucket}/{key}";

    // Names of buckets: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html. Of keys the characters that
    // S3 calls safe, so that no segment means anything to a client or a proxy on the way.
    [GeneratedRegex(@"\As3://(?<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(?<prefix>(?:[A-Za-z0-9!_'()*-][A-Za-z0-9!_.'()*-]*(?:/[A-Za-z0-9!_'()*-][A-Za-z0-9!_.'()*-]*)*/?)?))?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
