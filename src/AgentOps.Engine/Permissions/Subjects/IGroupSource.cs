namespace AgentOps.Engine.Permissions;

/// <summary>Knows the groups of the operating system or of the database.</summary>
public interface IGroupSource
{
    /// <summary>Whether a person is a member.</summary>
    /// <param name="group">The group with its prefix, <c>os:NAME</c> or <c>database:NAME</c>.</param>
    /// <param name="person">The person, as the store or system knows it (<c>os:carol</c>, <c>database:carol</c>) or as rules write it (<c>carol</c>).</param>
    /// <returns>Null when the source can't tell, as of a person who is known from elsewhere: an error in the rule that asks.</returns>
    bool? IsMember(string group, string person);
}
