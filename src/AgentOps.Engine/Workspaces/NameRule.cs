using AgentOps.Engine.Errors;

namespace AgentOps.Engine.Workspaces;

/// <summary>The one rule for names: what every vendor's protocol takes, and no policy pattern misreads.</summary>
internal static class NameRule
{
    private const int MaxLength = 64;

    /// <param name="what">What is named, as in <c>an agent</c>.</param>
    /// <param name="name">The name.</param>
    /// <param name="mayHaveDots">False for tools: some models' protocols refuse a dot in their names.</param>
    public static void Require(string what, string name, bool mayHaveDots = true)
    {
        var isUsable = name.Length is > 0 and <= MaxLength
            && char.IsAsciiLetterOrDigit(name[0])
            && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' || (letter is '.' && mayHaveDots));
        if (!isUsable)
        {
            throw new AgentOpsException(ErrorCodes.NameInvalid, $"'{name}' can't be the name of {what}.", name,
                mayHaveDots ? null : "Use 1 to 64 letters, digits, hyphens and underscores, beginning with a letter or digit.");
        }
    }
}
