namespace AgentOps.Engine.Ledger;

/// <summary>Verifies a ledger that lies in a folder, without opening it as a store: nothing is locked, repaired or written.</summary>
public static class LedgerFolderVerification
{
    /// <summary>Checks every hash and signature of the store in a folder.</summary>
    /// <param name="path">The store's folder.</param>
    /// <param name="options">How to verify.</param>
    /// <param name="cancellationToken">Stops the checking.</param>
    public static Task<LedgerVerification> VerifyAsync(string path, LedgerVerificationOptions options, CancellationToken cancellationToken) =>
        FileLedgerStore.VerifyFolderAsync(path, options, cancellationToken).AsTask();
}
