namespace AgentOps.Engine.Permissions;

/// <summary>
/// Three-valued truth. In a conjunction one False is False, whatever else fails: were the error resolved either way, the
/// whole would still be false.
/// </summary>
internal enum Truth : byte
{
    False,
    True,
    Error,
}
