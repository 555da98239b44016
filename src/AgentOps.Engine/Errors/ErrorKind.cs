namespace AgentOps.Engine.Errors;

/// <summary>What sort of thing went wrong; each maps to one PowerShell error category and one exit code of the helper.</summary>
public enum ErrorKind
{
    /// <summary>A value given by the user is wrong.</summary>
    InvalidArgument,

    /// <summary>A file or a document given by the user is malformed; the message says file, line and column.</summary>
    InvalidData,

    /// <summary>What was named does not exist.</summary>
    NotFound,

    /// <summary>What was to be created exists already.</summary>
    AlreadyExists,

    /// <summary>A policy, or the operating system, refuses it.</summary>
    PermissionDenied,

    /// <summary>The state of the thing does not allow the operation now.</summary>
    InvalidOperation,

    /// <summary>Evidence does not hold together: a ledger, a signature, a pin.</summary>
    SecurityError,

    /// <summary>A store, a provider or a network can't be reached.</summary>
    Unavailable,

    /// <summary>A time-out struck.</summary>
    Timeout,

    /// <summary>A limit on money, steps, calls or size struck.</summary>
    LimitReached,

    /// <summary>The caller stopped it.</summary>
    Stopped,

    /// <summary>A fault of AgentOps itself.</summary>
    Internal,
}
