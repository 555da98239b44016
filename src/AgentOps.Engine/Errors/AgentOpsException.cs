namespace AgentOps.Engine.Errors;

/// <summary>The one exception type that leaves the engine: what was wrong, where, and what to do next.</summary>
public sealed class AgentOpsException : Exception
{
    /// <summary>Makes an error from its row in <see cref="ErrorCodes"/>.</summary>
    /// <param name="code">The row of the table.</param>
    /// <param name="message">What was wrong and where; never a secret.</param>
    /// <param name="target">The item that the error is about.</param>
    /// <param name="mend">What to do next, when more precise than the table's own sentence.</param>
    /// <param name="innerException">The cause.</param>
    public AgentOpsException(ErrorCode code, string message, object? target = null, string? mend = null, Exception? innerException = null)
        : base(message, innerException)
    {
        Code = code;
        Target = target;
        Mend = mend ?? code.Mend;
    }

    /// <summary>The row of the table of errors.</summary>
    public ErrorCode Code { get; }

    /// <summary>The item that the error is about.</summary>
    public object? Target { get; }

    /// <summary>What to do next.</summary>
    public string Mend { get; }
}
