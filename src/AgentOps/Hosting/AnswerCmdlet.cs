using System.Management.Automation;
using System.Text.Json;
using AgentOps.Completion;
using AgentOps.Engine.Approvals;
using AgentOps.Output;

namespace AgentOps.Hosting;

/// <summary>A cmdlet that answers requests: as the account that runs this process, or as the registered person whose key signs.</summary>
public abstract class AnswerCmdlet : WorkspaceCmdlet
{
    private protected const string AccountSet = "Account";
    private protected const string KeySet = "Key";
    private protected const string SignatureSet = "Signature";

    /// <summary>The ids.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RequestIdCompleter))]
    public string[] Id { get; set; } = [];

    /// <summary>Why; recorded in the ledger.</summary>
    [Parameter]
    public string? Reason { get; set; }

    /// <summary>The file with the private key of a registered person, which signs the answer. The key is not kept.</summary>
    [Parameter(Mandatory = true, ParameterSetName = KeySet)]
    [ValidateNotNullOrEmpty]
    public string KeyPath { get; set; } = string.Empty;

    /// <summary>The signature of a registered person over the request's text, made elsewhere, in base64.</summary>
    [Parameter(Mandatory = true, ParameterSetName = SignatureSet)]
    [ValidateNotNullOrEmpty]
    public string Signature { get; set; } = string.Empty;

    private protected async Task AnswerAsync(bool approves, JsonElement? answer, string action, CancellationToken cancellationToken)
    {
        using var signer = await SignerAsync();
        var workspace = await GetWorkspaceAsync(cancellationToken);
        await ForEachNameAsync(Id, action, async id =>
            await WriteAsync(Request.From(await workspace.Requests.AnswerAsync(id, approves, Reason, answer, signer, cancellationToken))));
    }

    private async Task<VoteSigner?> SignerAsync() => ParameterSetName switch
    {
        KeySet => VoteSigner.FromFile(await ResolveLiteralPathAsync(KeyPath)),
        SignatureSet => VoteSigner.FromSignature(Signature),
        _ => null,
    };
}
