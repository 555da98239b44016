namespace AgentOps.Engine.Errors;

/// <content>The errors of the ledger and its stores.</content>
public static partial class ErrorCodes
{
    /// <summary>The ledger does not hold together.</summary>
    public static readonly ErrorCode LedgerTampered = new("LedgerTampered", ErrorKind.SecurityError,
        "Run Test-AgentOpsLedger -Detailed to see which line is wrong. Keep the folder as evidence and restore a backup with Restore-AgentOpsStore.");

    /// <summary>The ledger can't be written by this process.</summary>
    public static readonly ErrorCode LedgerReadOnly = new("LedgerReadOnly", ErrorKind.InvalidOperation,
        "Use an account that may write the store and read its signing key, or an AgentOps of at least the version that wrote the newest event.");

    /// <summary>A value can't stand in a record.</summary>
    public static readonly ErrorCode LedgerValueInvalid = new("LedgerValueInvalid", ErrorKind.InvalidArgument,
        "Use strings, booleans, integers below 2^53, arrays, objects and null; write money and other fractions as decimal strings.");

    /// <summary>A record is larger than the format allows.</summary>
    public static readonly ErrorCode LedgerRecordTooLarge = new("LedgerRecordTooLarge", ErrorKind.InvalidArgument,
        "Put the large value into the payload store and record its reference.");

    /// <summary>The signing key is readable by others.</summary>
    public static readonly ErrorCode LedgerKeyExposed = new("LedgerKeyExposed", ErrorKind.SecurityError,
        "Set its mode to 0600, consider it known to others, and begin a new store; what the old one signed until then still verifies.");

    /// <summary>The signing key can't be used.</summary>
    public static readonly ErrorCode LedgerKeyInvalid = new("LedgerKeyInvalid", ErrorKind.SecurityError,
        "Restore the key that belongs to this ledger from a backup.");

    /// <summary>There is no record of that sequence.</summary>
    public static readonly ErrorCode LedgerRecordNotFound = new("LedgerRecordNotFound", ErrorKind.NotFound,
        "Give the sequence of a record that Get-AgentOpsAudit shows.");

    /// <summary>What was given as a backup is none, or does not hold together.</summary>
    public static readonly ErrorCode BackupInvalid = new("BackupInvalid", ErrorKind.InvalidData,
        "Give a file that Backup-AgentOpsStore wrote. Nothing was changed.");

    /// <summary>There is a file where another is to be written.</summary>
    public static readonly ErrorCode FileExists = new("FileExists", ErrorKind.AlreadyExists,
        "Give another file, or leave out -NoClobber.");

    /// <summary>The command needs a store in a folder.</summary>
    public static readonly ErrorCode StoreKindUnsupported = new("StoreKindUnsupported", ErrorKind.InvalidOperation,
        "For a store in PostgreSQL use the server's own tools, for example pg_dump: its tables hold everything but the signing key.");

    /// <summary>There is a store where a backup is to be restored.</summary>
    public static readonly ErrorCode StoreExists = new("StoreExists", ErrorKind.AlreadyExists,
        "Give another folder, or say that the store there is to be replaced; it is then kept beside it under another name.");

    /// <summary>What was given as an anchor is no checkpoint.</summary>
    public static readonly ErrorCode LedgerAnchorInvalid = new("LedgerAnchorInvalid", ErrorKind.InvalidData,
        "Give the text that Export-AgentOpsLedger -Anchor wrote, unchanged.");

    /// <summary>What was given as a proof is none.</summary>
    public static readonly ErrorCode LedgerProofInvalid = new("LedgerProofInvalid", ErrorKind.InvalidData,
        "Give the text that Export-AgentOpsLedger -Proof or -Continues wrote, unchanged: the first with -Record, the second with -Anchor.");

    /// <summary>The store can't be reached or written.</summary>
    public static readonly ErrorCode StoreUnavailable = new("StoreUnavailable", ErrorKind.Unavailable,
        "Check that the store's folder or server can be reached and that its disk is not full, then run the command again; nothing of the failed change was kept.");

    /// <summary>The location of a store can't be read.</summary>
    public static readonly ErrorCode StoreLocationInvalid = new("StoreLocationInvalid", ErrorKind.InvalidArgument,
        "Give a folder, or postgresql://user@host:5432/database/workspace; leave the password to PGPASSWORD or the password file.");

    /// <summary>A write failed, and whether it was kept is not known.</summary>
    public static readonly ErrorCode StoreOutcomeUnknown = new("StoreOutcomeUnknown", ErrorKind.Unavailable,
        "Mend the disk or the server, then look with Get-AgentOpsAudit whether the change was kept before you repeat it.");

    /// <summary>Another process holds the store for too long.</summary>
    public static readonly ErrorCode StoreBusy = new("StoreBusy", ErrorKind.Timeout,
        "Another process holds the store's lock. Find it, stop it, and run the command again.");

    /// <summary>The folder is on a file system whose locks can't be relied upon.</summary>
    public static readonly ErrorCode StorePlaceUnsupported = new("StorePlaceUnsupported", ErrorKind.InvalidOperation,
        "Put the store on a local disk, or share it between machines with Connect-AgentOps -Store postgresql://…");

    /// <summary>A payload was erased, or never was in this store.</summary>
    public static readonly ErrorCode PayloadNotFound = new("PayloadNotFound", ErrorKind.NotFound,
        "The payload was erased under the retention rule or belongs to another store; the record and its hash remain.");

    /// <summary>A payload is not what its reference says.</summary>
    public static readonly ErrorCode PayloadTampered = new("PayloadTampered", ErrorKind.SecurityError,
        "The file under blobs was changed. Restore it from a backup; the ledger itself is not affected.");
}
