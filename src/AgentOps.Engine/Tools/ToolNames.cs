namespace AgentOps.Engine.Tools;

/// <summary>Names of tools that come in numbers, from a server or a document.</summary>
public static class ToolNames
{
    /// <summary>A prefix, a hyphen and the foreign name, with an underscore for each letter that a tool's name can't have.</summary>
    /// <param name="prefix">What the names begin with.</param>
    /// <param name="name">The foreign name.</param>
    public static string Under(string prefix, string name) =>
        $"{prefix}-{string.Concat(name.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' ? letter : '_'))}";
}
