using AgentOps.Engine.Errors;

namespace AgentOps.Engine.Workspaces;

/// <summary>The one rule for names: what every vendor's protocol takes, and no policy pattern misreads.</summary>
internal static class NameRule
{
    private const int MaxLength = 64;

    public static void Require(string what, string name)
    {
        var isUsable = name.Length is > 0 and <= MaxLength
            && char.IsAsciiLetterOrDigit(name[0])
            && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.');
        if (!isUsable)
        {
            throw new AgentOpsException(ErrorCodes.NameInvalid, $"'{name}' can't be the name of {what}.", name);
        }
    }
}
