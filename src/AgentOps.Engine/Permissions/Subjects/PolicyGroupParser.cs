using AgentOps.Engine.Configuration;

namespace AgentOps.Engine.Permissions;

/// <summary>Reads documents of kind <c>Group</c> into <see cref="PolicyGroup"/>.</summary>
public sealed class PolicyGroupParser : IYamlKindParser
{
    /// <inheritdoc/>
    public string Kind => "Group";

    /// <inheritdoc/>
    public object Parse(string name, YamlMap document)
    {
        var members = new List<string>();
        foreach (var item in document.Require("members")?.AsList() ?? [])
        {
            if (item.AsString() is not { } member)
            {
                continue;
            }

            if (member.Contains(':', StringComparison.Ordinal) || member.AsSpan().ContainsAny('*', '?'))
            {
                item.Error($"'{member}': members are agents or persons by name, neither groups nor wildcards");
            }
            else
            {
                members.Add(member);
            }
        }

        return new PolicyGroup(name, members);
    }
}
