namespace AgentOps.Engine.Permissions;

/// <summary>What a text argument must not hold, for the sake of what the tool would make of it.</summary>
[Flags]
public enum LiteralRules
{
    /// <summary>Any text without control characters other than tab and line ends.</summary>
    None = 0,

    /// <summary>No <c>*</c>, <c>?</c>, <c>[</c> or <c>]</c>: the tool would expand them.</summary>
    NoWildcards = 1,

    /// <summary>No leading <c>-</c>: the program would take the text for an option.</summary>
    NoLeadingDash = 2,

    /// <summary>No <c>{…}</c>, <c>$(…)</c>, <c>@(…)</c> or <c>@{…}</c>: a command could take the text for script.</summary>
    NoScript = 4,

    /// <summary>One line.</summary>
    SingleLine = 8,

    /// <summary>For parameters of PowerShell commands that are not free text.</summary>
    Command = NoWildcards | NoScript | SingleLine,

    /// <summary>For an argument vector of a program.</summary>
    Process = NoLeadingDash,
}
