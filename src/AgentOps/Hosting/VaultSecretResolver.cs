using System.Management.Automation;
using System.Management.Automation.Runspaces;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Providers;

namespace AgentOps.Hosting;

/// <summary>
/// Resolves <c>vault:NAME</c> and <c>vault:VAULT/NAME</c> with Microsoft.PowerShell.SecretManagement, in a runspace of its own; every
/// other reference as the engine does.
/// </summary>
internal sealed class VaultSecretResolver : ISecretResolver
{
    private const string Scheme = "vault:";
    private const string Module = "Microsoft.PowerShell.SecretManagement";

    private readonly EnvironmentSecretResolver _others = new();

    /// <inheritdoc/>
    public async ValueTask<string> ResolveAsync(string reference, CancellationToken ct) => reference.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        ? await Task.Run(() => Read(reference[Scheme.Length..]), ct)
        : await _others.ResolveAsync(reference, ct);

    private static string Read(string name)
    {
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        using var runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault());
        runspace.Open();
        using var shell = PowerShell.Create();
        shell.Runspace = runspace;
        shell.AddCommand($"{Module}\\Get-Secret").AddParameter("Name", name[(slash + 1)..]).AddParameter("AsPlainText", true).AddParameter("ErrorAction", ActionPreference.Stop);
        if (slash > 0)
        {
            shell.AddParameter("Vault", name[..slash]);
        }

        try
        {
            return shell.Invoke().FirstOrDefault()?.BaseObject is string { Length: > 0 } secret
                ? secret
                : throw new AgentOpsException(ErrorCodes.SecretNotFound, $"The vault has no text under '{name}'.", name);
        }
        catch (CommandNotFoundException fault)
        {
            throw new AgentOpsException(ErrorCodes.SecretVaultUnavailable, $"The secret '{name}' is in a vault, and the module {Module} is not installed here.", name, innerException: fault);
        }
        catch (RuntimeException fault)
        {
            throw new AgentOpsException(ErrorCodes.SecretNotFound, $"The vault did not give '{name}': {fault.Message}", name, innerException: fault);
        }
    }
}
