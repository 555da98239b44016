namespace AgentOps.Engine.Errors;

/// <content>Errors of configuration documents.</content>
public static partial class ErrorCodes
{
    /// <summary>A configuration document is malformed; the message lists every place.</summary>
    public static readonly ErrorCode InvalidConfiguration = new("InvalidConfiguration", ErrorKind.InvalidData,
        "Correct each listed place and load the file again. Nothing of it was taken in; what was in force before still is.");

    /// <summary>A configuration file can't be read.</summary>
    public static readonly ErrorCode ConfigurationUnreadable = new("ConfigurationUnreadable", ErrorKind.Unavailable,
        "Check that the file exists and that this account may read it.");
}
