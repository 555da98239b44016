using System.Management.Automation;
using AgentOps.Engine.Errors;
using AgentOps.Hosting;
using AgentOps.Output;

namespace AgentOps.Commands;

/// <summary>Registers a signing key as a person who may answer requests.</summary>
[Cmdlet(VerbsLifecycle.Register, "AgentOpsPerson", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(Person))]
public sealed class RegisterAgentOpsPersonCommand : WorkspaceCmdlet
{
    /// <summary>The person's name; groups and rules name it so.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = string.Empty;

    /// <summary>The file with the public key, of P-256 in PEM.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Alias("PSPath")]
    public string LiteralPath { get; set; } = string.Empty;

    /// <summary>The account of the same person: the operating system's, or the database role. Both count as one.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Account { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var path = await ResolveLiteralPathAsync(LiteralPath);
        var pem = File.Exists(path)
            ? await File.ReadAllTextAsync(path, cancellationToken)
            : throw new AgentOpsException(ErrorCodes.PathNotFound, $"There is no file '{path}'.", path);
        var workspace = await GetWorkspaceAsync(cancellationToken);
        if (await ConfirmAsync(Name, "Register the person"))
        {
            await WriteAsync(Person.From(await workspace.Persons.RegisterAsync(Name, pem, Account, path, cancellationToken)));
        }
    }
}
