namespace AgentOps.Engine.Providers.Bedrock;

/// <summary>AWS keys.</summary>
internal sealed record AwsCredential(string AccessKey, string SecretKey, string? SessionToken)
{
    /// <summary>Reads <c>ACCESSKEY:SECRETKEY</c> or <c>ACCESSKEY:SECRETKEY:SESSIONTOKEN</c>; null when it is neither.</summary>
    public static AwsCredential? Parse(string secret)
    {
        var parts = secret.Split(':', 3);
        return parts.Length >= 2 && parts[0].Length is >= 11 and <= 128 && parts[0].StartsWith('A') && parts[1].Length > 0
            ? new AwsCredential(parts[0], parts[1], parts.Length > 2 ? parts[2] : null)
            : null;
    }

    /// <summary>Nothing of it.</summary>
    public override string ToString() => "AwsCredential";
}
