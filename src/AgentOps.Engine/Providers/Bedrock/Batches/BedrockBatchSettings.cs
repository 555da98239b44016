using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AgentOps.Engine.Errors;

namespace AgentOps.Engine.Providers.Bedrock;

/// <summary>
/// What a Bedrock account needs for batches, <c>batch</c> of a provider's options: where in S3 prompts and answers lie, and the role
/// under which Bedrock reads and writes there.
/// </summary>
/// <param name="Location">The bucket and what keys begin with.</param>
/// <param name="Role">The role's ARN.</param>
/// <param name="MinimumRecords">The fewest prompts of a batch: a quota of the account, 100 unless AWS says otherwise.</param>
/// <param name="Jobs">The base address of Bedrock's control plane.</param>
/// <param name="Storage">The base address of the bucket.</param>
internal sealed partial record BedrockBatchSettings(S3Location Location, string Role, int MinimumRecords, string Jobs, string Storage)
{
    private const int UsualMinimum = 100;

    /// <summary>Reads a provider's options; null where they say nothing of batches.</summary>
    /// <exception cref="AgentOpsException"><c>ProviderInvalid</c>: what they say is wrong or not all.</exception>
    public static BedrockBatchSettings? Of(ProviderDefinition definition)
    {
        if (definition.Options["batch"] is not { } batch)
        {
            return null;
        }

        var settings = batch as JsonObject ?? throw Invalid(definition, "'batch' is no map of settings");
        var location = S3Location.Parse(Text(settings, "location")) ?? throw Invalid(definition, "'batch' needs a 'location' such as s3://bucket/prefix");
        var role = Text(settings, "role") is { } arn && RoleForm().IsMatch(arn)
            ? arn
            : throw Invalid(definition, "'batch' needs a 'role' such as arn:aws:iam::123456789012:role/BedrockBatch");
        return new BedrockBatchSettings(location, role, Minimum(definition, settings), JobsOf(definition, settings), StorageOf(definition, settings, location));
    }

    private static int Minimum(ProviderDefinition definition, JsonObject settings) => settings["minimumRecords"] switch
    {
        null => UsualMinimum,
        JsonValue value when value.GetValueKind() == JsonValueKind.Number
            && int.TryParse(value.ToJsonString(), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0 => count,
        _ => throw Invalid(definition, "'minimumRecords' of 'batch' is no whole number above 0"),
    };

    // Jobs are made at another host than models are called at.
    private static string JobsOf(ProviderDefinition definition, JsonObject settings) => Address(definition, settings, "jobsUri")
        ?? definition.Uri?.AbsoluteUri.TrimEnd('/').Replace("://bedrock-runtime", "://bedrock", StringComparison.Ordinal)
        ?? $"https://bedrock.{BedrockProtocol.RegionOf(definition)}.amazonaws.com";

    // Prompts must not go to AWS where the provider is said to be elsewhere. A bucket's name with a dot fits no certificate.
    private static string StorageOf(ProviderDefinition definition, JsonObject settings, S3Location location)
    {
        if (Address(definition, settings, "storageUri") is { } own)
        {
            return $"{own}/{location.Bucket}";
        }

        if (definition.Uri is not null)
        {
            throw Invalid(definition, "with a 'uri' of its own, 'batch' needs the 'storageUri' of the S3 that the prompts may go to");
        }

        var host = $"s3.{BedrockProtocol.RegionOf(definition)}.amazonaws.com";
        return location.Bucket.Contains('.', StringComparison.Ordinal) ? $"https://{host}/{location.Bucket}" : $"https://{location.Bucket}.{host}";
    }

    private static string? Address(ProviderDefinition definition, JsonObject settings, string name) =>
        settings[name] is null ? null
        : Uri.TryCreate(Text(settings, name), UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? uri.AbsoluteUri.TrimEnd('/')
        : throw Invalid(definition, $"'{name}' of 'batch' is no absolute http or https address");

    private static string? Text(JsonObject settings, string name) =>
        settings[name] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    private static AgentOpsException Invalid(ProviderDefinition definition, string what) => new(ErrorCodes.ProviderInvalid,
        $"The provider '{definition.Name}' is invalid: {what}.", definition.Name,
        "Name both in the options, batch: {location: s3://bucket/prefix, role: ARN}, or with -BatchLocation and -BatchRole.");

    [GeneratedRegex(@"\Aarn:aws(-[a-z]+)*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex RoleForm();
}
