using System.Collections;
using System.Management.Automation;
using System.Text.Json.Nodes;
using AgentOps.Engine.Errors;
using AgentOps.Engine.Providers;
using AgentOps.Hosting;
using AgentOps.Output;

namespace AgentOps.Commands;

/// <summary>Registers a place where models are called; nothing is called.</summary>
[Cmdlet(VerbsLifecycle.Register, "AgentOpsProvider", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(Provider))]
public sealed class RegisterAgentOpsProviderCommand : WorkspaceCmdlet
{
    /// <summary>The name that routes call it by.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = string.Empty;

    /// <summary>The protocol that it speaks.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateSet("openai", "azure-openai", "anthropic", "bedrock", "gemini", "simulated", "replay")]
    public string Kind { get; set; } = string.Empty;

    /// <summary>The endpoint's base address.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public Uri? Uri { get; set; }

    /// <summary>The environment variable that holds the credential.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ApiKeyVariable { get; set; }

    /// <summary>An HTTP proxy.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public Uri? Proxy { get; set; }

    /// <summary>The most secret data class that may be sent there.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateSet("public", "internal", "confidential", "secret")]
    public string? Clearance { get; set; }

    /// <summary>What belongs to the kind alone, for example the scenario of a simulated provider.</summary>
    [Parameter]
    public Hashtable? Option { get; set; }

    /// <summary>Where in S3 the batches of a Bedrock account lie, for example <c>s3://bucket/prefix</c>.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? BatchLocation { get; set; }

    /// <summary>The ARN of the role under which Bedrock reads and writes there.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? BatchRole { get; set; }

    /// <summary>Prepaid credit that is left, in USD.</summary>
    [Parameter]
    public decimal Credit { get; set; }

    /// <summary>Replaces a provider of that name.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        var definition = new ProviderDefinition
        {
            Name = Name,
            Kind = Kind.ToLowerInvariant(),
            Uri = Uri,
            Secret = ApiKeyVariable is null ? null : "env:" + ApiKeyVariable,
            Proxy = Proxy,
            Clearance = Clearance?.ToLowerInvariant(),
            Options = Options(),
            Terms = MyInvocation.BoundParameters.ContainsKey(nameof(Credit)) ? new CommercialTerms { Credit = Credit } : null,
        };
        var workspace = await GetWorkspaceAsync(cancellationToken);
        await ForEachNameAsync([Name], "Register the provider", async _ =>
            await WriteAsync(Provider.From(await workspace.Providers.RegisterAsync(definition, Force, cancellationToken))));
    }

    // The parameters are short for the option's.
    private JsonObject Options()
    {
        var options = Option is null ? [] : HashtableJson.ToObject(Option);
        if (BatchLocation is null && BatchRole is null)
        {
            return options;
        }

        if (!string.Equals(Kind, ProviderKinds.Bedrock, StringComparison.OrdinalIgnoreCase))
        {
            throw new AgentOpsException(ErrorCodes.ProviderInvalid, $"The provider '{Name}' is invalid: batches lie in S3 at the kind bedrock alone.", Name,
                "Leave out -BatchLocation and -BatchRole: other kinds need no settings for batches.");
        }

        if (options["batch"] is not JsonObject batch)
        {
            options["batch"] = batch = [];
        }

        if (BatchLocation is not null)
        {
            batch["location"] = BatchLocation;
        }

        if (BatchRole is not null)
        {
            batch["role"] = BatchRole;
        }

        return options;
    }
}
