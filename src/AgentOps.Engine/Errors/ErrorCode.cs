namespace AgentOps.Engine.Errors;

/// <summary>One row of the table of errors: a stable id, its kind, and what the user can do about it.</summary>
/// <param name="Id">Stable, documented id, for example <c>AgentNotFound</c>.</param>
/// <param name="Kind">What sort of error it is.</param>
/// <param name="Mend">What to do next, in one or two sentences.</param>
public sealed record ErrorCode(string Id, ErrorKind Kind, string Mend);
