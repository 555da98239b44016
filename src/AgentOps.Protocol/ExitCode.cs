namespace AgentOps.Protocol;

/// <summary>Exit codes of the helper.</summary>
public static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>The answer is no: a promise can't be kept, a ledger isn't whole.</summary>
    public const int No = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>The input is wrong; the message says where.</summary>
    public const int BadInput = 3;

    /// <summary>A fault of the helper itself.</summary>
    public const int Internal = 4;

    /// <summary>Stopped by Ctrl+C, a cancel line or a closed input.</summary>
    public const int Stopped = 130;
}
