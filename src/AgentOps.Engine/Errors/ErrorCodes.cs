namespace AgentOps.Engine.Errors;

/// <summary>The table of all errors. Ids are stable; each is documented in <c>docs/guides/errors.md</c>.</summary>
public static partial class ErrorCodes
{
    /// <summary>A fault of AgentOps itself.</summary>
    public static readonly ErrorCode InternalError = new("InternalError", ErrorKind.Internal,
        "This is a fault of AgentOps. Please report it with the command and the text of the error.");

    /// <summary>The operation was stopped by its caller.</summary>
    public static readonly ErrorCode OperationStopped = new("OperationStopped", ErrorKind.Stopped,
        "Run the command again when you want it to continue.");
}
