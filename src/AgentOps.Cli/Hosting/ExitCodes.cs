using AgentOps.Engine.Errors;

namespace AgentOps.Cli.Hosting;

/// <summary>What the helper's exit codes mean; stable.</summary>
internal static class ExitCodes
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>Done, and the answer is no: an SLO can't be met, a ledger is not whole, an agent did not complete.</summary>
    public const int No = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>The input is wrong; the message says where.</summary>
    public const int BadInput = 3;

    /// <summary>A fault of AgentOps itself.</summary>
    public const int Internal = 4;

    /// <summary>The exit code of an error.</summary>
    public static int Of(ErrorCode code) => code.Kind switch
    {
        ErrorKind.Internal => Internal,
        ErrorKind.Stopped or ErrorKind.SecurityError or ErrorKind.LimitReached => No,
        _ => BadInput,
    };
}
