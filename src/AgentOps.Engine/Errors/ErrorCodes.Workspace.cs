namespace AgentOps.Engine.Errors;

public static partial class ErrorCodes
{
    /// <summary>No agent of that name.</summary>
    public static readonly ErrorCode AgentNotFound = new("AgentNotFound", ErrorKind.NotFound,
        "List the agents with Get-AgentOpsAgent, or create this one with New-AgentOpsAgent.");

    /// <summary>An agent of that name exists.</summary>
    public static readonly ErrorCode AgentExists = new("AgentExists", ErrorKind.AlreadyExists,
        "Choose another name, or change the agent that is there.");

    /// <summary>The agent is suspended.</summary>
    public static readonly ErrorCode AgentSuspended = new("AgentSuspended", ErrorKind.InvalidOperation,
        "Give it the right to act back with Resume-AgentOpsAgent, when it may act again.");

    /// <summary>No tool of that name.</summary>
    public static readonly ErrorCode ToolNotFound = new("ToolNotFound", ErrorKind.NotFound,
        "List the tools with Get-AgentOpsTool, or register this one with Register-AgentOpsTool.");

    /// <summary>A tool of that name exists.</summary>
    public static readonly ErrorCode ToolExists = new("ToolExists", ErrorKind.AlreadyExists,
        "Unregister the tool first, or use -Force to replace it.");

    /// <summary>A tool's definition is not usable.</summary>
    public static readonly ErrorCode ToolInvalid = new("ToolInvalid", ErrorKind.InvalidArgument,
        "Correct the tool's definition as the message says.");

    /// <summary>An agent keeps no fact of that name.</summary>
    public static readonly ErrorCode FactNotFound = new("FactNotFound", ErrorKind.NotFound,
        "List the facts that agents keep with Get-AgentOpsMemory.");

    /// <summary>A server of tools can't be started or reached.</summary>
    public static readonly ErrorCode ToolServerUnavailable = new("ToolServerUnavailable", ErrorKind.Unavailable,
        "Run the server's command in a shell, or look whether its address answers; then register its tools again. One that wants a token (401) is given it with -SecretName, one at a private address is reached with -AllowPrivateNetwork.");

    /// <summary>A schema for an agent's answer can't be used; the message says where and why.</summary>
    public static readonly ErrorCode OutputSchemaInvalid = new("OutputSchemaInvalid", ErrorKind.InvalidArgument,
        "Correct the schema at the place that is named. A keyword that would not be checked is refused; the help of Invoke-AgentOpsAgent -OutputSchema names those that are.");

    /// <summary>An agent's final answers did not fit the schema that was given for them.</summary>
    public static readonly ErrorCode AnswerInvalid = new("AnswerInvalid", ErrorKind.InvalidData,
        "Look at the answers with Get-AgentOpsSession -Explain. Describe the members in the schema, or take a stronger route; Resume-AgentOpsSession asks once more.");

    /// <summary>An operation of an OpenAPI document can't be made a tool; the message says where and why.</summary>
    public static readonly ErrorCode OperationNotSupported = new("OperationNotSupported", ErrorKind.InvalidData,
        "Change the document at the place that is named, give what it lacks with -Uri or -SecretName, or leave the operation out with -IncludeOperation.");

    /// <summary>A provider of that name exists.</summary>
    public static readonly ErrorCode ProviderExists = new("ProviderExists", ErrorKind.AlreadyExists,
        "Unregister the provider first, or use -Force to replace it.");

    /// <summary>A thing is still used by another.</summary>
    public static readonly ErrorCode StillInUse = new("StillInUse", ErrorKind.InvalidOperation,
        "Change or remove what uses it first.");

    /// <summary>No route of that name.</summary>
    public static readonly ErrorCode RouteNotFound = new("RouteNotFound", ErrorKind.NotFound,
        "List the routes with Get-AgentOpsRoute, or set this one with Set-AgentOpsRoute.");

    /// <summary>No permission of that id.</summary>
    public static readonly ErrorCode PermissionNotFound = new("PermissionNotFound", ErrorKind.NotFound,
        "List the permissions with Get-AgentOpsPermission.");

    /// <summary>A permission of that id exists.</summary>
    public static readonly ErrorCode PermissionExists = new("PermissionExists", ErrorKind.AlreadyExists,
        "Choose another id, or revoke the permission that is there.");

    /// <summary>No session of that id.</summary>
    public static readonly ErrorCode SessionNotFound = new("SessionNotFound", ErrorKind.NotFound,
        "List the sessions with Get-AgentOpsSession.");

    /// <summary>The session does not run.</summary>
    public static readonly ErrorCode SessionNotRunning = new("SessionNotRunning", ErrorKind.InvalidOperation,
        "Only a running, pending or interrupted session can be stopped; see Get-AgentOpsSession.");

    /// <summary>Another runner holds the session.</summary>
    public static readonly ErrorCode SessionTaken = new("SessionTaken", ErrorKind.InvalidOperation,
        "Get-AgentOpsSession shows where it runs; it can be resumed a minute after its runner is gone.");

    /// <summary>The session can't go on.</summary>
    public static readonly ErrorCode SessionNotResumable = new("SessionNotResumable", ErrorKind.InvalidOperation,
        "Only a session that is pending, interrupted or failed can be resumed; invoke the agent anew.");

    /// <summary>A session has calls of which nobody knows whether they had their effect.</summary>
    public static readonly ErrorCode SessionInDoubt = new("SessionInDoubt", ErrorKind.InvalidOperation,
        "Look at what each call was to change, then say what became of it: Resume-AgentOpsSession ID -Outcome @{ CALL = 'ok' }, or 'error' where it had no effect.");

    /// <summary>No call of that id is in doubt.</summary>
    public static readonly ErrorCode CallNotInDoubt = new("CallNotInDoubt", ErrorKind.NotFound,
        "Get-AgentOpsSession lists the calls in doubt under Unknown, with their ids.");

    /// <summary>No request of that id.</summary>
    public static readonly ErrorCode RequestNotFound = new("RequestNotFound", ErrorKind.NotFound,
        "List the requests with Get-AgentOpsRequest.");

    /// <summary>A person's answer does not count.</summary>
    public static readonly ErrorCode AnswerRefused = new("AnswerRefused", ErrorKind.PermissionDenied,
        "Let somebody answer whom the rule names and who did not ask; see Get-AgentOpsRequest.");

    /// <summary>A name is not usable.</summary>
    public static readonly ErrorCode NameInvalid = new("NameInvalid", ErrorKind.InvalidArgument,
        "Use 1 to 64 letters, digits, dots, hyphens and underscores, beginning with a letter or digit.");

    /// <summary>A money amount or a bound is not usable.</summary>
    public static readonly ErrorCode LimitInvalid = new("LimitInvalid", ErrorKind.InvalidArgument,
        "Give an amount or a count above zero.");

    /// <summary>The key with which an agent proves who it is can't be used.</summary>
    public static readonly ErrorCode AgentKeyUnusable = new("AgentKeyUnusable", ErrorKind.SecurityError,
        "Give the agent a new key with Update-AgentOpsIdentity, and its services the key set of Export-AgentOpsIdentity; the folder of the keys must be its owner's alone.");
}
