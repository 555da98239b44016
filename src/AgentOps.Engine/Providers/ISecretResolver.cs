namespace AgentOps.Engine.Providers;

/// <summary>Turns a reference into a secret at the moment of use. The value is never stored or logged.</summary>
public interface ISecretResolver
{
    /// <summary>Resolves <c>env:NAME</c> or <c>vault:NAME</c>.</summary>
    /// <exception cref="Errors.AgentOpsException">Nothing is there under that name, or the scheme is unknown here.</exception>
    ValueTask<string> ResolveAsync(string reference, CancellationToken ct);
}
