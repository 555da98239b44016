namespace AgentOps.Engine.Errors;

// Providers and model routes.
public static partial class ErrorCodes
{
    /// <summary>A stored or given message can't be read.</summary>
    public static readonly ErrorCode MessageMalformed = new("MessageMalformed", ErrorKind.InvalidData,
        "Write messages as {\"role\": …, \"parts\": […]}; docs/design/routing.md shows the form.");

    /// <summary>A secret reference has a scheme that isn't known.</summary>
    public static readonly ErrorCode SecretReferenceInvalid = new("SecretReferenceInvalid", ErrorKind.InvalidArgument,
        "Give a reference such as env:OPENAI_API_KEY or vault:NAME, never the secret itself.");

    /// <summary>Nothing is there under a secret's name.</summary>
    public static readonly ErrorCode SecretNotFound = new("SecretNotFound", ErrorKind.NotFound,
        "Set the environment variable, or store the secret in the vault, in the process that makes the call.");

    /// <summary>A secret lies in a vault that can't be reached from here.</summary>
    public static readonly ErrorCode SecretVaultUnavailable = new("SecretVaultUnavailable", ErrorKind.Unavailable,
        "Install Microsoft.PowerShell.SecretManagement with Install-PSResource and register a vault with Register-SecretVault, in PowerShell; or refer to an environment variable, env:NAME.");

    /// <summary>A provider's definition is wrong.</summary>
    public static readonly ErrorCode ProviderInvalid = new("ProviderInvalid", ErrorKind.InvalidArgument,
        "Correct the definition of the provider and register it again.");

    /// <summary>A route names a provider that isn't registered.</summary>
    public static readonly ErrorCode ProviderNotFound = new("ProviderNotFound", ErrorKind.NotFound,
        "Register the provider with Register-AgentOpsProvider, or correct its name in the route.");

    /// <summary>A scenario of the simulated provider is wrong.</summary>
    public static readonly ErrorCode ScenarioInvalid = new("ScenarioInvalid", ErrorKind.InvalidData,
        "Correct the scenario; docs/design/routing.md lists its keys.");

    /// <summary>A recording can't be replayed.</summary>
    public static readonly ErrorCode RecordingInvalid = new("RecordingInvalid", ErrorKind.InvalidData,
        "Give the file of a recording, or record again by giving the provider a source.");

    /// <summary>A table of prompts, models and scores can't be read.</summary>
    public static readonly ErrorCode QualityTableInvalid = new("QualityTableInvalid", ErrorKind.InvalidData,
        "Give CSV with the columns prompt_id, prompt, model, score, cost and optionally category; neither scores nor costs below 0.");

    /// <summary>A file is no quality model, or not the one that a route was set to.</summary>
    public static readonly ErrorCode QualityModelInvalid = new("QualityModelInvalid", ErrorKind.InvalidData,
        "Make it by Measure-AgentOpsRouter -OutFile, and set the route to it again when it has changed.");

    /// <summary>The server can't listen where it was told to.</summary>
    public static readonly ErrorCode ServeAddressInvalid = new("ServeAddressInvalid", ErrorKind.InvalidArgument,
        "Give an IP address of this machine with --listen and a free port with --port (0 takes any).");

    /// <summary>A route's definition is wrong.</summary>
    public static readonly ErrorCode RouteInvalid = new("RouteInvalid", ErrorKind.InvalidArgument,
        "Correct the route's targets and objective.");

    /// <summary>No target of a route may take the prompt.</summary>
    public static readonly ErrorCode NoEligibleTarget = new("NoEligibleTarget", ErrorKind.InvalidOperation,
        "Resolve-AgentOpsRoute lists why each target was rejected. Add a target that fits, or change the constraint.");

    /// <summary>Every target of a route failed.</summary>
    public static readonly ErrorCode ProviderFailed = new("ProviderFailed", ErrorKind.Unavailable,
        "See the reason of each attempt in the message; try again later or add another target to the route.");

    /// <summary>The answer broke off after it had begun.</summary>
    public static readonly ErrorCode AnswerInterrupted = new("AnswerInterrupted", ErrorKind.Unavailable,
        "Nothing was repeated, because part of the answer had been given already. Ask again if it is safe to.");

    /// <summary>The provider refused the credential.</summary>
    public static readonly ErrorCode ProviderAuthentication = new("ProviderAuthentication", ErrorKind.PermissionDenied,
        "Check the provider's secret reference and what the credential may use.");

    /// <summary>The provider refused the request as wrong.</summary>
    public static readonly ErrorCode ProviderRequestRefused = new("ProviderRequestRefused", ErrorKind.InvalidArgument,
        "The provider's own words say what it refuses; change the request, the tools' schemas, or the model.");

    /// <summary>Credit or quota at the provider is used up.</summary>
    public static readonly ErrorCode ProviderQuotaExhausted = new("ProviderQuotaExhausted", ErrorKind.LimitReached,
        "Top up the account, raise its limit, or add a target with another provider to the route.");

    /// <summary>The provider did not answer in time.</summary>
    public static readonly ErrorCode ProviderTimeout = new("ProviderTimeout", ErrorKind.Timeout,
        "Try again, raise the provider's time-outs, or add another target to the route.");

    /// <summary>There is no batch of that id.</summary>
    public static readonly ErrorCode BatchNotFound = new("BatchNotFound", ErrorKind.NotFound,
        "Get-AgentOpsBatch lists the batches of this workspace.");

    /// <summary>A batch has not ended yet.</summary>
    public static readonly ErrorCode BatchRunning = new("BatchRunning", ErrorKind.Unavailable,
        "Collect it later with Receive-AgentOpsBatch, wait for it with -Wait, or end it with Stop-AgentOpsBatch.");

    /// <summary>The provider did not take a batch.</summary>
    public static readonly ErrorCode BatchNotTaken = new("BatchNotTaken", ErrorKind.InvalidOperation,
        "It costs nothing. Mend what the reason names, and submit the prompts again.");

    /// <summary>Whether the provider took a batch is unknown for now.</summary>
    public static readonly ErrorCode BatchUnknown = new("BatchUnknown", ErrorKind.Unavailable,
        "Ask again later with Receive-AgentOpsBatch, which looks for it at the provider. Submit the prompts again only once it is Refused, or the provider's own console shows that it is not there.");

    /// <summary>More prompts than a batch holds.</summary>
    public static readonly ErrorCode BatchTooLarge = new("BatchTooLarge", ErrorKind.InvalidArgument,
        "Submit the prompts as several batches.");
}
