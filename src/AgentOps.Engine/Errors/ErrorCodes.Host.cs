namespace AgentOps.Engine.Errors;

public static partial class ErrorCodes
{
    /// <summary>An operation did not end in the time it was given.</summary>
    public static readonly ErrorCode OperationTimedOut = new("OperationTimedOut", ErrorKind.Timeout,
        "Try again, or give the command a longer time-out.");

    /// <summary>The operating system refuses access to a file or folder.</summary>
    public static readonly ErrorCode AccessDenied = new("AccessDenied", ErrorKind.PermissionDenied,
        "Give your account access to the path, or choose another path.");

    /// <summary>A file or folder does not exist.</summary>
    public static readonly ErrorCode PathNotFound = new("PathNotFound", ErrorKind.NotFound,
        "Check the path. Wildcards are not expanded where the parameter is named LiteralPath.");

    /// <summary>Reading or writing a file failed.</summary>
    public static readonly ErrorCode StorageFailed = new("StorageFailed", ErrorKind.Unavailable,
        "Check that the disk is mounted, has space left, and that no other program holds the file.");

    /// <summary>The agentops helper is missing, too old, or ended unexpectedly.</summary>
    public static readonly ErrorCode HelperUnavailable = new("HelperUnavailable", ErrorKind.Unavailable,
        "Build the module with ./build.sh build, or reinstall it, so that module/bin/native holds the helper of this platform.");

    /// <summary>A PowerShell command can't be offered to an agent.</summary>
    public static readonly ErrorCode CommandNotAllowed = new("CommandNotAllowed", ErrorKind.PermissionDenied,
        "Register a command that does one bounded thing. Commands that run other commands, jobs or remote sessions are never tools.");

    /// <summary>A PowerShell command to be registered does not exist here.</summary>
    public static readonly ErrorCode CommandNotFound = new("CommandNotFound", ErrorKind.NotFound,
        "Check the name with Get-Command, and import its module first.");

    /// <summary>A value given to a command can't be understood.</summary>
    public static readonly ErrorCode ValueNotUnderstood = new("ValueNotUnderstood", ErrorKind.InvalidArgument,
        "Use texts, numbers, booleans, times, lists and hashtables.");

    /// <summary>PowerShell itself failed at something that a command needed.</summary>
    public static readonly ErrorCode CommandFailed = new("CommandFailed", ErrorKind.InvalidOperation,
        "The message is PowerShell's own; correct what it names and run the command again.");

    /// <summary>A command asks for confirmation where nobody can be asked.</summary>
    public static readonly ErrorCode ConfirmationUnavailable = new("ConfirmationUnavailable", ErrorKind.InvalidOperation,
        "Say yes beforehand with -Confirm:$false, or run the command in an interactive session.");
}
