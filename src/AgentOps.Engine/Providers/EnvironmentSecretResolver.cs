using AgentOps.Engine.Errors;

namespace AgentOps.Engine.Providers;

/// <summary>Resolves <c>env:NAME</c> from the environment of this process.</summary>
public sealed class EnvironmentSecretResolver : ISecretResolver
{
    private const string Scheme = "env:";

    /// <inheritdoc/>
    public ValueTask<string> ResolveAsync(string reference, CancellationToken ct)
    {
        if (!reference.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            throw new AgentOpsException(ErrorCodes.SecretReferenceInvalid,
                $"The secret reference's scheme is not known here: '{SchemeOf(reference)}'.");
        }

        var name = reference[Scheme.Length..];
        var value = name.Length == 0 ? null : Environment.GetEnvironmentVariable(name);
        return string.IsNullOrEmpty(value)
            ? throw new AgentOpsException(ErrorCodes.SecretNotFound,
                $"The environment variable '{name}' is not set or empty.", name)
            : ValueTask.FromResult(value);
    }

    // Whoever writes the secret itself where a reference belongs must not find it in a log.
    private static string SchemeOf(string reference)
    {
        var colon = reference.IndexOf(':', StringComparison.Ordinal);
        return colon is > 0 and <= 16 ? reference[..(colon + 1)] : "(none)";
    }
}
