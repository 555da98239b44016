namespace AgentOps.Engine.Errors;

/// <content>Errors of permissions, bindings, limits and approvals.</content>
public static partial class ErrorCodes
{
    /// <summary>A set of rules can't be put in force; the message lists every rule that is wrong.</summary>
    public static readonly ErrorCode InvalidPolicy = new("InvalidPolicy", ErrorKind.InvalidData,
        "Correct each listed rule and load the set again. The set that was in force still is.");

    /// <summary>No budget of that name.</summary>
    public static readonly ErrorCode BudgetNotFound = new("BudgetNotFound", ErrorKind.NotFound,
        "List the budgets with Get-AgentOpsBudget, or set this one with Set-AgentOpsBudget.");

    /// <summary>A budget's definition makes no sense.</summary>
    public static readonly ErrorCode BudgetInvalid = new("BudgetInvalid", ErrorKind.InvalidArgument,
        "Correct the budget's scope, bound or window as the message says.");

    /// <summary>A tool's parameter can't be described so that calls could be checked against it.</summary>
    public static readonly ErrorCode InvalidToolParameter = new("InvalidToolParameter", ErrorKind.InvalidArgument,
        "Correct the parameter's declaration: its name, type, pattern and bounds must fit together.");

    /// <summary>A decision refused the call.</summary>
    public static readonly ErrorCode PermissionDenied = new("PermissionDenied", ErrorKind.PermissionDenied,
        "Run Test-AgentOpsPermission with -Detailed to see which rules decided, then grant what is missing if it should be allowed.");

    /// <summary>A key or a signature of a person can't be read.</summary>
    public static readonly ErrorCode SigningKeyInvalid = new("SigningKeyInvalid", ErrorKind.InvalidData,
        "Give a key of P-256 in PEM, without a password, as 'openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256' makes it, or a signature of 'openssl dgst -sha256 -sign' in base64.");

    /// <summary>There is no registered person of that name.</summary>
    public static readonly ErrorCode PersonNotFound = new("PersonNotFound", ErrorKind.NotFound,
        "Run Get-AgentOpsPerson to see who is registered.");

    /// <summary>The name or the key is registered already.</summary>
    public static readonly ErrorCode PersonExists = new("PersonExists", ErrorKind.AlreadyExists,
        "Give another name and another key, or take the person away with Unregister-AgentOpsPerson first.");
}
