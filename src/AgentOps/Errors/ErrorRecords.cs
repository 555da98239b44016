using System.Management.Automation;
using AgentOps.Engine.Errors;

namespace AgentOps.Errors;

/// <summary>Makes PowerShell's error records from the engine's table of errors: one id, category, target and mend each.</summary>
internal static class ErrorRecords
{
    /// <summary>Makes the record of any exception; none reaches the user raw.</summary>
    /// <param name="exception">What was thrown.</param>
    /// <param name="target">The item at hand, where the error itself names none.</param>
    public static ErrorRecord From(Exception exception, object? target)
    {
        var known = Know(Unwrap(exception));
        var record = new ErrorRecord(known, known.Code.Id, Category(known.Code.Kind), known.Target ?? target)
        {
            ErrorDetails = new ErrorDetails(known.Message) { RecommendedAction = known.Mend },
        };
        return record;
    }

    private static Exception Unwrap(Exception exception)
    {
        const int deepest = 8;
        for (var depth = 0; depth < deepest && exception is AggregateException { InnerExceptions: [var only] }; depth++)
        {
            exception = only;
        }

        return exception;
    }

    private static AgentOpsException Know(Exception exception) => exception switch
    {
        AgentOpsException known => known,
        OperationCanceledException => new AgentOpsException(ErrorCodes.OperationTimedOut,
            "The operation did not end in time.", innerException: exception),
        UnauthorizedAccessException => new AgentOpsException(ErrorCodes.AccessDenied, exception.Message, innerException: exception),
        FileNotFoundException { FileName: var file } => new AgentOpsException(ErrorCodes.PathNotFound, exception.Message, file, innerException: exception),
        DirectoryNotFoundException => new AgentOpsException(ErrorCodes.PathNotFound, exception.Message, innerException: exception),
        RuntimeException => new AgentOpsException(ErrorCodes.CommandFailed, exception.Message, innerException: exception),
        IOException => new AgentOpsException(ErrorCodes.StorageFailed, exception.Message, innerException: exception),
        _ => new AgentOpsException(ErrorCodes.InternalError,
            $"{exception.GetType().Name}: {exception.Message}", innerException: exception),
    };

    private static ErrorCategory Category(ErrorKind kind) => kind switch
    {
        ErrorKind.InvalidArgument => ErrorCategory.InvalidArgument,
        ErrorKind.InvalidData => ErrorCategory.InvalidData,
        ErrorKind.NotFound => ErrorCategory.ObjectNotFound,
        ErrorKind.AlreadyExists => ErrorCategory.ResourceExists,
        ErrorKind.PermissionDenied => ErrorCategory.PermissionDenied,
        ErrorKind.InvalidOperation => ErrorCategory.InvalidOperation,
        ErrorKind.SecurityError => ErrorCategory.SecurityError,
        ErrorKind.Unavailable => ErrorCategory.ResourceUnavailable,
        ErrorKind.Timeout => ErrorCategory.OperationTimeout,
        ErrorKind.LimitReached => ErrorCategory.LimitsExceeded,
        ErrorKind.Stopped => ErrorCategory.OperationStopped,
        _ => ErrorCategory.NotSpecified,
    };
}
