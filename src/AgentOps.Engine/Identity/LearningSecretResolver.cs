using AgentOps.Engine.Providers;

namespace AgentOps.Engine.Identity;

/// <summary>Resolves secrets through another resolver and teaches each one to the redactor before anyone can use it.</summary>
internal sealed class LearningSecretResolver(ISecretResolver inner, SecretRedactor redactor) : ISecretResolver
{
    public async ValueTask<string> ResolveAsync(string reference, CancellationToken ct)
    {
        var secret = await inner.ResolveAsync(reference, ct);
        redactor.Learn(secret);
        return secret;
    }
}
